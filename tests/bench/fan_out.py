"""W4: how long after the answer to a put its event is at a SubscribeToShard consumer, beside a server that does
nothing."""
import json
import statistics
import subprocess

import boto3

from programs import Gateway, Process, free_port


def register(gateway, stream, name):
    """The ARN of a new consumer."""
    client = boto3.session.Session().client(
        "kinesis", endpoint_url=f"http://127.0.0.1:{gateway.port}", region_name="us-east-1",
        aws_access_key_id=gateway.access, aws_secret_access_key=gateway.secret)
    arn = client.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    return client.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]["ConsumerARN"]


def measure(bench, port, *arguments):
    out = subprocess.run([
        bench.program("tip_latency"), "measure", "--port", str(port), "--puts", str(int(200 * bench.seconds)),
        *arguments
    ], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def compare(bench):
    """The yardstick's figure is its way from a put to the event, without any disk; ours begins when the put, which is
    on disk then, is answered."""
    ours, idle = [], []
    port = free_port()
    with Gateway(bench) as gateway, Process([bench.program("tip_latency"), "serve", str(port)], port):
        bench.create(gateway.port, "bench", 1, keys=gateway)
        for turn in range(bench.rounds):
            arn = register(gateway, "bench", f"c{turn}")
            ours.append(
                measure(bench, gateway.port, "--stream", "bench", "--consumer-arn", arn, "--access-key", gateway.access,
                        "--secret-key", gateway.secret))
            idle.append(measure(bench, port, "--consumer-arn", "none"))
    figure = lambda runs, name: statistics.median([run[name] for run in runs])
    p50, p99 = figure(ours, "after_answer_p50_us") / 1000, figure(ours, "after_answer_p99_us") / 1000
    limit = 3 * figure(idle, "after_send_p99_us") / 1000
    bench.report(
        "W4 put answered to event, p50", f"{p50:.3f} ms", "<= 2 ms", p50 <= 2,
        f"put sent to event: p50 {figure(ours, 'after_send_p50_us') / 1000:.3f} ms, "
        f"p99 {figure(ours, 'after_send_p99_us') / 1000:.3f} ms")
    bench.report("  p99", f"{p99:.3f} ms", f"<= 3 x ({limit:.3f} ms)", p99 <= limit, "of a server that does nothing")
