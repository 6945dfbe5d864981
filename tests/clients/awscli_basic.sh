#!/bin/bash
# Every Kinesis call of the gateway by the stock AWS CLI. Starts nothing: FOREBAY_ENDPOINT (or AWS_ENDPOINT_URL),
# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come from the environment; AWS chooses the program. Ends with 1 at the
# first wrong answer.
set -euo pipefail
AWS=${AWS:-/usr/bin/aws}
ENDPOINT=${FOREBAY_ENDPOINT:-$AWS_ENDPOINT_URL}
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1} AWS_PAGER= AWS_MAX_ATTEMPTS=1 AWS_EC2_METADATA_DISABLED=true
NAME=cli-$$-$RANDOM
answers=0

kinesis() { "$AWS" kinesis "$@" --endpoint-url "$ENDPOINT" --output text; }
wrong() { echo "WRONG: $1: found \"$2\", wanted \"$3\""; exit 1; }
equal() { [[ "$2" == "$3" ]] || wrong "$1" "$2" "$3"; answers=$((answers + 1)); }
refused() { # error type, then the call
  local wanted=$1 text; shift
  if text=$(kinesis "$@" 2>&1); then wrong "$*" "success" "$wanted"; fi
  [[ "$text" == *"($wanted)"* ]] || wrong "$*" "$text" "$wanted"
  answers=$((answers + 1))
}

kinesis create-stream --stream-name "$NAME" --shard-count 2
kinesis wait stream-exists --stream-name "$NAME"
equal status "$(kinesis describe-stream-summary --stream-name "$NAME" --query StreamDescriptionSummary.StreamStatus)" ACTIVE
equal shards "$(kinesis describe-stream --stream-name "$NAME" --query 'length(StreamDescription.Shards)')" 2
equal list "$(kinesis list-streams --query "StreamNames[?@=='$NAME']")" "$NAME"
equal list-shards "$(kinesis list-shards --stream-name "$NAME" --query 'Shards[].ShardId')" $'shardId-000000000000\tshardId-000000000001'
equal filter "$(kinesis list-shards --stream-name "$NAME" --shard-filter Type=AFTER_SHARD_ID,ShardId=shardId-000000000000 --query 'Shards[].ShardId')" shardId-000000000001
kinesis describe-limits > /dev/null

raw=() # version 1 takes data as it is
[[ "$("$AWS" --version 2>&1)" == aws-cli/1.* ]] || raw=(--cli-binary-format raw-in-base64-out)
first=$(kinesis put-record --stream-name "$NAME" --partition-key a --data one "${raw[@]}" --query SequenceNumber)
equal put-records "$(kinesis put-records --stream-name "$NAME" --records Data=two,PartitionKey=a Data=three,PartitionKey=a "${raw[@]}" --query FailedRecordCount)" 0
shard=$(kinesis put-record --stream-name "$NAME" --partition-key a --data four "${raw[@]}" --query ShardId)

read_from() { # iterator arguments -> data, decoded, one per line
  local iterator
  iterator=$(kinesis get-shard-iterator --stream-name "$NAME" --shard-id "$shard" "$@" --query ShardIterator)
  kinesis get-records --shard-iterator "$iterator" --query 'Records[].[Data]' | while read -r data; do echo "$data" | base64 -d; echo; done
}
equal horizon "$(read_from --shard-iterator-type TRIM_HORIZON)" $'one\ntwo\nthree\nfour'
equal at "$(read_from --shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number "$first")" $'one\ntwo\nthree\nfour'
equal after "$(read_from --shard-iterator-type AFTER_SEQUENCE_NUMBER --starting-sequence-number "$first")" $'two\nthree\nfour'
equal time "$(read_from --shard-iterator-type AT_TIMESTAMP --timestamp "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)")" $'one\ntwo\nthree\nfour'
equal latest "$(read_from --shard-iterator-type LATEST)" ""

kinesis increase-stream-retention-period --stream-name "$NAME" --retention-period-hours 72
equal retention "$(kinesis describe-stream-summary --stream-name "$NAME" --query StreamDescriptionSummary.RetentionPeriodHours)" 72
kinesis decrease-stream-retention-period --stream-name "$NAME" --retention-period-hours 24
equal retention "$(kinesis describe-stream-summary --stream-name "$NAME" --query StreamDescriptionSummary.RetentionPeriodHours)" 24

kinesis add-tags-to-stream --stream-name "$NAME" --tags team=edge,tier=two
equal tags "$(kinesis list-tags-for-stream --stream-name "$NAME" --query 'Tags[].[Key,Value]')" $'team\tedge\ntier\ttwo'
kinesis remove-tags-from-stream --stream-name "$NAME" --tag-keys team
equal tags "$(kinesis list-tags-for-stream --stream-name "$NAME" --query 'Tags[].[Key,Value]')" $'tier\ttwo'

settled() { # open shards
  for ((i = 0; i < 40; i++)); do
    [[ "$(kinesis describe-stream-summary --stream-name "$NAME" --query 'StreamDescriptionSummary.[StreamStatus,OpenShardCount]')" == $'ACTIVE\t'"$1" ]] && return
  done
  wrong "shards of $NAME" "no end of the reshard" "$1 open shards"
}
shard_list() { kinesis list-shards --stream-name "$NAME" --exclusive-start-shard-id "$1" --query 'Shards[].[ShardId,ParentShardId,AdjacentParentShardId]'; }
kinesis split-shard --stream-name "$NAME" --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592
settled 3
equal split "$(shard_list shardId-000000000001)" $'shardId-000000000002\tshardId-000000000001\tNone\nshardId-000000000003\tshardId-000000000001\tNone'
child=$(kinesis put-record --stream-name "$NAME" --partition-key a --explicit-hash-key 255211775190703847597530955573826158592 --data five "${raw[@]}" --query ShardId)
equal child "$child" shardId-000000000003
kinesis merge-shards --stream-name "$NAME" --shard-to-merge shardId-000000000002 --adjacent-shard-to-merge shardId-000000000003
settled 2
equal merge "$(shard_list shardId-000000000003)" $'shardId-000000000004\tshardId-000000000002\tshardId-000000000003'
equal scale "$(kinesis update-shard-count --stream-name "$NAME" --target-shard-count 4 --scaling-type UNIFORM_SCALING --query '[CurrentShardCount,TargetShardCount]')" $'2\t4'
settled 4
equal horizon "$(read_from --shard-iterator-type TRIM_HORIZON)" $'one\ntwo\nthree\nfour'

arn=$(kinesis describe-stream-summary --stream-name "$NAME" --query StreamDescriptionSummary.StreamARN)
consumer=$(kinesis register-stream-consumer --stream-arn "$arn" --consumer-name reader --query Consumer.ConsumerARN)
[[ "$consumer" == "$arn/consumer/reader:"* ]] || wrong consumer "$consumer" "$arn/consumer/reader:..."
equal consumers "$(kinesis list-stream-consumers --stream-arn "$arn" --query 'Consumers[].ConsumerARN')" "$consumer"
equal consumer "$(kinesis describe-stream-consumer --consumer-arn "$consumer" --query ConsumerDescription.ConsumerName)" reader
kinesis deregister-stream-consumer --consumer-arn "$consumer"

refused ResourceInUseException create-stream --stream-name "$NAME" --shard-count 1
refused ResourceNotFoundException describe-stream --stream-name absent-stream
refused InvalidArgumentException decrease-stream-retention-period --stream-name "$NAME" --retention-period-hours 25
AWS_SECRET_ACCESS_KEY=wrongwrongwrong refused InvalidSignatureException list-streams

kinesis delete-stream --stream-name "$NAME"
kinesis wait stream-not-exists --stream-name "$NAME"
refused ResourceNotFoundException delete-stream --stream-name "$NAME"
echo "$("$AWS" --version 2>&1 | cut -d' ' -f1): $answers answers are right"
