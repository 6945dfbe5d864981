//! Registers a consumer and follows an open and a closed shard by SubscribeToShard.
use crate::checks::{check, equal, got, refused, shard_id};
use crate::suite::Suite;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{
    ConsumerStatus, Shard, ShardFilter, ShardFilterType, ShardIteratorType, StartingPosition, SubscribeToShardEvent, SubscribeToShardEventStream,
};

fn data_of(events: &[SubscribeToShardEvent]) -> Vec<String> {
    events.iter().flat_map(|event| event.records()).map(|record| String::from_utf8_lossy(record.data().as_ref()).into_owned()).collect()
}

impl Suite {
    async fn put_to(&self, shard: &Shard, number: usize) {
        let start = shard.hash_key_range.as_ref().expect("a range").starting_hash_key.clone();
        let call = self.client.put_record().stream_name(&self.stream).partition_key("fan").data(Blob::new(format!("fan {number}")));
        equal(got(call.explicit_hash_key(start).send().await).shard_id, shard.shard_id.clone(), "the followed shard");
    }

    /// Follows a shard until `wanted` records came, putting one more after each (up to `puts`), or to its end.
    async fn follow(&self, consumer: &str, shard: &str, from: StartingPosition, wanted: usize, puts: Option<&Shard>) -> Vec<SubscribeToShardEvent> {
        let call = self.client.subscribe_to_shard().consumer_arn(consumer).shard_id(shard).starting_position(from);
        let mut answer = None;
        until!("a subscription", {
            match call.clone().send().await {
                Ok(found) => answer = Some(found),
                Err(error) => refused::<(), _>(Err(error), "ResourceInUseException", "a subscription"),
            }
            answer.is_some()
        });
        let mut stream = answer.expect("an answer").event_stream;
        let (mut events, mut sent) = (vec![], 1);
        loop {
            let next = tokio::time::timeout(std::time::Duration::from_secs(30), stream.recv()).await;
            match got(got(next)) {
                Some(SubscribeToShardEventStream::SubscribeToShardEvent(event)) => events.push(event),
                Some(other) => check(false, || format!("an event of records: {other:?}")),
                None => return events,
            }
            let seen = data_of(&events).len();
            if seen >= wanted {
                return events;
            }
            if let (Some(open), true) = (puts, seen == sent) {
                self.put_to(open, sent).await;
                sent += 1;
            }
        }
    }

    async fn follow_open(&self, consumer: &str) {
        let latest = got(ShardFilter::builder().r#type(ShardFilterType::AtLatest).build());
        let open = got(self.client.list_shards().stream_name(&self.stream).shard_filter(latest).send().await);
        let shard = &open.shards()[0];
        self.put_to(shard, 0).await;
        let horizon = got(StartingPosition::builder().r#type(ShardIteratorType::TrimHorizon).build());
        let events = self.follow(consumer, shard.shard_id(), horizon, 5, Some(shard)).await;
        equal(data_of(&events), (0..5).map(|number| format!("fan {number}")).collect(), "pushed records");
        let place = events.last().expect("an event").continuation_sequence_number.clone();
        check(place.len() == 56, || format!("a continuation is a sequence number: {place}"));
        self.put_to(shard, 5).await;
        let behind = StartingPosition::builder().r#type(ShardIteratorType::AfterSequenceNumber).sequence_number(place);
        let events = self.follow(consumer, shard.shard_id(), got(behind.build()), 1, None).await;
        equal(data_of(&events), vec!["fan 5".to_string()], "records behind the continuation");
    }

    async fn consumer_active(&self, consumer: &str) -> bool {
        let answer = got(self.client.describe_stream_consumer().consumer_arn(consumer).send().await);
        answer.consumer_description.expect("a consumer").consumer_status == ConsumerStatus::Active
    }

    pub async fn fan_out(&self) {
        let made = got(self.client.register_stream_consumer().stream_arn(&self.arn).consumer_name("reader").send().await);
        let consumer = made.consumer.expect("a consumer").consumer_arn;
        check(consumer.starts_with(&format!("{}/consumer/reader:", self.arn)), || format!("consumer ARN {consumer}"));
        until!("an active consumer", self.consumer_active(&consumer).await);
        self.follow_open(&consumer).await;
        let horizon = got(StartingPosition::builder().r#type(ShardIteratorType::TrimHorizon).build());
        let events = self.follow(&consumer, &shard_id(3), horizon, usize::MAX, None).await;
        equal(data_of(&events), vec!["child".to_string()], "records of a closed shard");
        let children = events.last().expect("an event").child_shards().to_vec();
        equal(children.len(), 1, "children at the end");
        equal(children[0].parent_shards.clone(), vec![shard_id(2), shard_id(3)], "children at the end");
        got(self.client.deregister_stream_consumer().consumer_arn(&consumer).send().await);
    }
}
