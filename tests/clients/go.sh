#!/bin/bash
# aws-sdk-go-v2: JSON over HTTP/1.1 in cleartext, HTTP/2 over TLS.
source "$(dirname "$0")/common/client.sh"
need_go
mkdir -p "$root/build/clients/go"
(cd "$root/tests/clients/go" && go build -o "$root/build/clients/go/kinesis-go" .)
cd "$root/build/clients/go"
plain ./kinesis-go
AWS_CA_BUNDLE=$FOREBAY_TLS_CA_FILE over_tls ./kinesis-go
