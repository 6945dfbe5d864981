#!/bin/bash
# The same calls as awscli_basic.sh by AWS CLI v1, from PyPI.
source "$(dirname "$0")/common/client.sh"
calls=$root/tests/clients/awscli_basic.sh
stage awscli_v1
test -x venv/bin/pip || /usr/bin/python3 -m venv venv
once_for requirements.txt venv/bin/pip install -q -r requirements.txt
AWS=$PWD/venv/bin/aws bash "$calls"
