//! Streams, puts, reads and settings.
use crate::checks::{check, equal, got, refused, shard_id};
use aws_sdk_kinesis::primitives::{Blob, DateTime};
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, ShardIteratorType, StreamStatus};
use aws_sdk_kinesis::Client;
use md5::{Digest, Md5};
use std::time::{SystemTime, UNIX_EPOCH};

/// Key, data and sequence number of a record as it was written and must come back.
pub type Written = (String, Vec<u8>, String);

/// One run against one gateway: what it made and what it wrote, per shard.
pub struct Suite {
    pub client: Client,
    pub stream: String,
    pub arn: String,
    pub written: [Vec<Written>; 2],
}

fn now_seconds() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs() as i64
}

fn near(time: &DateTime, what: &str) {
    check((time.secs() - now_seconds()).abs() < 60, || format!("{what} {time:?}"));
}

impl Suite {
    pub fn new(client: Client) -> Self {
        let stream = format!("rust-{}-{}", std::process::id(), now_seconds() % 1_000_000);
        let arn = format!("arn:aws:kinesis:us-east-1:000000000000:stream/{stream}");
        Suite { client, stream, arn, written: [vec![], vec![]] }
    }

    pub async fn streams(&self) {
        let create = |name: &str| self.client.create_stream().stream_name(name).shard_count(2).send();
        got(create(&self.stream).await);
        self.settled(2).await;
        refused(create(&self.stream).await, "ResourceInUseException", "a second create");
        refused(create("not a name").await, "ValidationException", "a bad name");
        let answer = got(self.client.describe_stream().stream_name(&self.stream).send().await);
        let stream = answer.stream_description.expect("a description");
        equal(stream.stream_arn.as_str(), self.arn.as_str(), "ARN");
        equal((&stream.stream_status, stream.retention_period_hours, stream.shards.len()), (&StreamStatus::Active, 24, 2), "description");
        let range = stream.shards[1].hash_key_range.as_ref().expect("a range");
        equal(range.starting_hash_key.clone(), (1u128 << 127).to_string(), "start of shard 1");
        equal(range.ending_hash_key.clone(), u128::MAX.to_string(), "end of shard 1");
        near(&stream.stream_creation_timestamp, "creation time");
        let mut pages = self.client.list_streams().limit(1).into_paginator().send();
        let mut names = vec![];
        while let Some(page) = pages.next().await {
            names.extend(got(page).stream_names);
        }
        check(names.contains(&self.stream) && names.is_sorted(), || format!("ListStreams {names:?}"));
        let first = got(self.client.list_shards().stream_name(&self.stream).max_results(1).send().await);
        let rest = got(self.client.list_shards().next_token(first.next_token().expect("a token")).send().await);
        equal((first.shards()[0].shard_id(), rest.shards()[0].shard_id()), (&*shard_id(0), &*shard_id(1)), "pages of ListShards");
        refused(self.client.describe_stream().stream_name("absent").send().await, "ResourceNotFoundException", "an absent stream");
    }

    fn note(&mut self, key: &str, data: &[u8], shard: &str, sequence: &str) {
        let number = usize::from(Md5::digest(key.as_bytes())[0] >> 7);
        equal(shard, &*shard_id(number), "shard of a key");
        self.written[number].push((key.to_string(), data.to_vec(), sequence.to_string()));
    }

    pub async fn puts(&mut self) {
        let bytes: Vec<u8> = (0..=255).collect();
        let one = got(self.client.put_record().stream_arn(&self.arn).partition_key("bytes").data(Blob::new(bytes.clone())).send().await);
        self.note("bytes", &bytes, &one.shard_id, &one.sequence_number);
        let pairs: Vec<(String, Vec<u8>)> = (0..100).map(|index| (format!("key-{}", index % 7), format!("record {index} é").into_bytes())).collect();
        let entries = pairs.iter().map(|(key, data)| {
            got(PutRecordsRequestEntry::builder().partition_key(key).data(Blob::new(data.clone())).build())
        });
        let many = got(self.client.put_records().stream_name(&self.stream).set_records(Some(entries.collect())).send().await);
        equal((many.failed_record_count, many.records.len()), (Some(0), 100), "PutRecords");
        for (result, (key, data)) in many.records.iter().zip(&pairs) {
            self.note(key, data, result.shard_id().expect("a shard"), result.sequence_number().expect("a number"));
        }
        let lost = self.client.put_record().stream_name("absent").partition_key("a").data(Blob::new(bytes)).send().await;
        refused(lost, "ResourceNotFoundException", "a put to an absent stream");
    }

    /// Reads a shard from a place to its present end.
    async fn read(&self, shard: usize, kind: ShardIteratorType, place: Option<String>, time: Option<DateTime>) -> Vec<Written> {
        let call = self.client.get_shard_iterator().stream_name(&self.stream).shard_id(shard_id(shard)).shard_iterator_type(kind);
        let mut iterator = got(call.set_starting_sequence_number(place).set_timestamp(time).send().await).shard_iterator;
        let mut records = vec![];
        loop {
            let page = got(self.client.get_records().set_shard_iterator(iterator).limit(40).send().await);
            for record in page.records {
                near(&record.approximate_arrival_timestamp.expect("an arrival time"), "arrival time");
                records.push((record.partition_key.expect("a key"), record.data.into_inner(), record.sequence_number));
            }
            iterator = page.next_shard_iterator;
            check(iterator.is_some(), || "an open shard goes on".into());
            if page.millis_behind_latest == Some(0) {
                return records;
            }
        }
    }

    pub async fn reads(&self) {
        for (shard, all) in self.written.iter().enumerate() {
            let place = Some(all[2].2.clone());
            equal(self.read(shard, ShardIteratorType::TrimHorizon, None, None).await, all.clone(), "all of a shard");
            equal(self.read(shard, ShardIteratorType::AtSequenceNumber, place.clone(), None).await, all[2..].to_vec(), "at");
            equal(self.read(shard, ShardIteratorType::AfterSequenceNumber, place, None).await, all[3..].to_vec(), "after");
            let hour_ago = Some(DateTime::from_secs(now_seconds() - 3600));
            equal(self.read(shard, ShardIteratorType::AtTimestamp, None, hour_ago).await, all.clone(), "by time");
            equal(self.read(shard, ShardIteratorType::Latest, None, None).await, vec![], "latest");
        }
        refused(self.client.get_records().shard_iterator("invented").send().await, "InvalidArgumentException", "an invented iterator");
    }

    async fn tags(&self) -> Vec<(String, String)> {
        let answer = got(self.client.list_tags_for_stream().stream_name(&self.stream).send().await);
        answer.tags.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())).collect()
    }

    pub async fn settings(&self) {
        got(self.client.increase_stream_retention_period().stream_name(&self.stream).retention_period_hours(48).send().await);
        let answer = got(self.client.describe_stream_summary().stream_arn(&self.arn).send().await);
        equal(answer.stream_description_summary.expect("a summary").retention_period_hours, 48, "longer retention");
        got(self.client.decrease_stream_retention_period().stream_name(&self.stream).retention_period_hours(24).send().await);
        got(self.client.add_tags_to_stream().stream_name(&self.stream).tags("team", "edge").tags("tier", "é 2").send().await);
        equal(self.tags().await, vec![("team".into(), "edge".into()), ("tier".into(), "é 2".into())], "tags");
        got(self.client.remove_tags_from_stream().stream_name(&self.stream).tag_keys("team").send().await);
        equal(self.tags().await, vec![("tier".into(), "é 2".into())], "tags left");
    }

    pub async fn end(&self) {
        got(self.client.delete_stream().stream_name(&self.stream).send().await);
        until!("the stream is gone", self.client.describe_stream_summary().stream_name(&self.stream).send().await.is_err());
    }
}
