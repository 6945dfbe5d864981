#!/bin/bash
# level: night
# A KCL 3 application with leases in DynamoDB Local, polling and by enhanced fan-out; KPL-aggregated records among its input.
source "$(dirname "$0")/common/client.sh"
needs client-java mvn javac
stage kpl
test -x venv/bin/pip || /usr/bin/python3 -m venv venv
once_for requirements.txt venv/bin/pip install -q -r requirements.txt
python=$PWD/venv/bin/python
stage kcl
once_for pom.xml mvn -B -q dependency:build-classpath -Dmdep.outputFile="$PWD/classpath"
once_for dynamodb/pom.xml mvn -B -q -f dynamodb dependency:build-classpath -Dmdep.outputFile="$PWD/dynamodb/classpath"
mkdir -p classes
javac -d classes -cp "$(cat classpath)" src/main/java/forebay/*.java
for mode in ${KCL_MODES:-polling fan-out}; do
  plain "$python" drive.py "$mode"
done
