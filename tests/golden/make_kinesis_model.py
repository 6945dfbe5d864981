#!/usr/bin/env python3
"""Writes kinesis/model.json and firehose/model.json: the members of every call, from botocore's service models. The
descriptions in wire/kinesis/shapes and wire/firehose/shapes are compared with them member by member.

    build/golden-venv/bin/pip install botocore
    build/golden-venv/bin/python tests/golden/make_kinesis_model.py
"""
import json
import pathlib

import botocore
import botocore.session

# Queues are a feature of their own that this service does not offer.
NOT_DESCRIBED = "Queue"
# Known by name only, to be refused.
NOT_SERVED = ("Redshift", "Elasticsearch", "Amazonopensearchservice", "AmazonOpenSearchServerless", "Splunk", "Snowflake",
              "Iceberg", "MSK", "Database", "OrcSerDe")


def describe(shape):
    out = {"type": shape.type_name}
    for ours, theirs in (("min", "min"), ("max", "max"), ("pattern", "pattern")):
        if theirs in shape.metadata:
            out[ours] = shape.metadata[theirs]
    if shape.metadata.get("enum"):
        out["values"] = sorted(shape.metadata["enum"])
    if shape.type_name == "structure" and shape.name.startswith(NOT_SERVED):
        out["members"] = {}
    elif shape.type_name == "structure":
        out["members"] = {name: dict(describe(member), required=name in shape.required_members)
                          for name, member in sorted(shape.members.items())}
    if shape.type_name == "list":
        out["member"] = describe(shape.member)
    if shape.type_name == "map":
        out["key"], out["value"] = describe(shape.key), describe(shape.value)
    return out


for service in ("kinesis", "firehose"):
    model = botocore.session.get_session().get_service_model(service)
    calls = {}
    for name in model.operation_names:
        if NOT_DESCRIBED in name:
            continue
        operation = model.operation_model(name)
        calls[name] = {"input": describe(operation.input_shape) if operation.input_shape else {},
                       "output": describe(operation.output_shape) if operation.output_shape else {},
                       "errors": sorted(shape.name for shape in operation.error_shapes)}
    target = pathlib.Path(__file__).parent / service / "model.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"botocore": botocore.__version__, "calls": calls}, indent=1, sort_keys=True) + "\n")
    print(f"{len(calls)} calls in {target}")
