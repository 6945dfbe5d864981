#pragma once

#include "gateway/firehose/document.h"

/// Updates of destinations: members that are given replace those that are there, whole.
namespace forebay::gateway::firehose {

void merge(ExtendedS3& into, const wire::firehose::ExtendedS3Destination<wire::firehose::Form::update>& update);
void merge(HttpEndpoint& into, const wire::firehose::HttpEndpointDestination<wire::firehose::Form::update>& update);
/// Of the deprecated destination, and of backups.
void merge(wire::firehose::S3Members& into, const wire::firehose::S3Members& update);

}  // namespace forebay::gateway::firehose
