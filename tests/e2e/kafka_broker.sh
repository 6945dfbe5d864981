#!/bin/sh
# Runs a real Kafka broker (one node, KRaft, plain text, loopback) from its published jars until it is ended.
#
#     tests/e2e/kafka_broker.sh FOLDER PORT CONTROLLER_PORT
#
# FOLDER keeps the jars and the log of the broker; topics are made when they are first used, with 4 partitions. Needs
# java 17 and maven. Prints "kafka: starting" before the broker begins; it answers some seconds later.
set -euf

[ $# -eq 3 ] || { echo "usage: $0 FOLDER PORT CONTROLLER_PORT" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$1 port=$2 controller=$3
mkdir -p "$folder"

if [ ! -e "$folder/jars/done" ]; then
  mvn -q -B -f "$here/kafka/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
  touch "$folder/jars/done"
fi

cat > "$folder/server.properties" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$folder/log
num.partitions=4
auto.create.topics.enable=true
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
EOF

run="java -Xmx512m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp $folder/jars/*"
# The name of a cluster is 16 bytes in base64; a new folder is a new cluster.
$run kafka.tools.StorageTool format --ignore-formatted -t Zm9yZWJheS10ZXN0LTAwMQ -c "$folder/server.properties"
echo "kafka: starting"
exec $run kafka.Kafka "$folder/server.properties"
