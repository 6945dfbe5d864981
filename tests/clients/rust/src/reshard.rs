//! Splits, merges and scales; the closed shards stay readable to their end and name their children.
use crate::checks::{check, equal, got, refused, shard_id};
use crate::suite::Suite;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{ChildShard, ScalingType, ShardIteratorType, StreamStatus};

const QUARTER: u128 = 1 << 126;

impl Suite {
    async fn open_shards(&self) -> i32 {
        let answer = got(self.client.describe_stream_summary().stream_name(&self.stream).send().await);
        let now = answer.stream_description_summary.expect("a summary");
        if now.stream_status == StreamStatus::Active { now.open_shard_count } else { 0 }
    }

    pub async fn settled(&self, open: i32) {
        until!(format!("{open} open shards"), self.open_shards().await == open);
    }

    async fn read_to_end(&self, shard: usize) -> (Vec<String>, Vec<ChildShard>) {
        let first = self.client.get_shard_iterator().stream_name(&self.stream).shard_id(shard_id(shard));
        let mut iterator = got(first.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await).shard_iterator;
        let mut sequences = vec![];
        for _ in 0..100 {
            let page = got(self.client.get_records().set_shard_iterator(iterator).send().await);
            sequences.extend(page.records.iter().map(|record| record.sequence_number.clone()));
            iterator = page.next_shard_iterator;
            if iterator.is_none() {
                return (sequences, page.child_shards.unwrap_or_default());
            }
        }
        check(false, || format!("shard {shard} comes to its end"));
        unreachable!()
    }

    async fn split(&self) {
        let call = self.client.split_shard().stream_name(&self.stream).shard_to_split(shard_id(0));
        got(call.clone().new_starting_hash_key(QUARTER.to_string()).send().await);
        self.settled(3).await;
        let shards = got(self.client.list_shards().stream_name(&self.stream).send().await).shards.unwrap_or_default();
        let found: Vec<_> = shards.iter().map(|shard| (shard.shard_id.clone(), shard.parent_shard_id.clone())).collect();
        let parent = Some(shard_id(0));
        equal(found, vec![(shard_id(0), None), (shard_id(1), None), (shard_id(2), parent.clone()), (shard_id(3), parent)], "shards of the split");
        let (sequences, children) = self.read_to_end(0).await;
        equal(sequences, self.written[0].iter().map(|record| record.2.clone()).collect(), "the closed shard is readable");
        let children: Vec<_> = children.into_iter().map(|child| (child.shard_id, child.parent_shards)).collect();
        equal(children, vec![(shard_id(2), vec![shard_id(0)]), (shard_id(3), vec![shard_id(0)])], "children");
        let put = self.client.put_record().stream_name(&self.stream).partition_key("a").data(Blob::new("child"));
        equal(got(put.explicit_hash_key(QUARTER.to_string()).send().await).shard_id, shard_id(3), "a put goes to the child");
        refused(call.new_starting_hash_key("5").send().await, "InvalidArgumentException", "a split of a closed shard");
    }

    pub async fn reshard(&self) {
        self.split().await;
        let merge = self.client.merge_shards().stream_name(&self.stream);
        got(merge.shard_to_merge(shard_id(2)).adjacent_shard_to_merge(shard_id(3)).send().await);
        self.settled(2).await;
        let (sequences, children) = self.read_to_end(3).await;
        equal((sequences.len(), children.len()), (1, 1), "end of a merged parent");
        equal(children[0].parent_shards.clone(), vec![shard_id(2), shard_id(3)], "the child of two parents");
        let scale = self.client.update_shard_count().stream_name(&self.stream).target_shard_count(4);
        let scaled = got(scale.scaling_type(ScalingType::UniformScaling).send().await);
        equal((scaled.current_shard_count, scaled.target_shard_count), (Some(2), Some(4)), "UpdateShardCount");
        self.settled(4).await;
    }
}
