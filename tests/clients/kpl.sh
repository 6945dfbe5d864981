#!/bin/bash
# Records aggregated by the KPL format: made and taken apart by aws_kinesis_agg, carried by boto3.
source "$(dirname "$0")/common/client.sh"
stage kpl
test -x venv/bin/pip || /usr/bin/python3 -m venv venv
once_for requirements.txt venv/bin/pip install -q -r requirements.txt
PYTHONPATH=$root/tests/clients plain venv/bin/python aggregated.py
