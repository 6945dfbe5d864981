#!/bin/bash
# @aws-sdk/client-kinesis v3, which speaks HTTP/2 only, in cleartext and over TLS.
source "$(dirname "$0")/common/client.sh"
need_node
stage js
once_for package.json npm install --no-audit --no-fund --no-package-lock --loglevel=error
plain node main.mjs
NODE_EXTRA_CA_CERTS=$FOREBAY_TLS_CA_FILE over_tls node main.mjs
