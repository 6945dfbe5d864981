#!/bin/bash
# level: night
# Java SDK v2: the async client on Netty (CBOR over HTTP/2, SubscribeToShard in JSON), cleartext and TLS.
source "$(dirname "$0")/common/client.sh"
needs client-java mvn javac
stage java
once_for pom.xml mvn -B -q dependency:build-classpath -Dmdep.outputFile=classpath
mkdir -p classes
javac -d classes -cp "$(cat classpath)" src/main/java/forebay/*.java
run=(java -Xmx256m -cp "classes:$(cat classpath)" forebay.KinesisClientTest)
plain "${run[@]}"
trust=$PWD/trust.p12
rm -f "$trust"
keytool -importcert -noprompt -alias gateway -file "$FOREBAY_TLS_CA_FILE" -keystore "$trust" -storetype PKCS12 -storepass forebay-test 2> /dev/null
over_tls java -Djavax.net.ssl.trustStore="$trust" -Djavax.net.ssl.trustStorePassword=forebay-test "${run[@]:1}"
