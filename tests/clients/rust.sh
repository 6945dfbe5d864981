#!/bin/bash
# level: night
# The Rust aws-sdk-kinesis: JSON over HTTP/1.1 in cleartext, HTTP/2 over TLS. Its cold build takes minutes.
source "$(dirname "$0")/common/client.sh"
needs client-rust cargo
stage rust
cargo build --quiet --jobs 2
plain target/debug/kinesis-rust
over_tls target/debug/kinesis-rust
