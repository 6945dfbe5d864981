// Creates, writes, reads, describes, tags, reshards and fans out with aws-sdk-go-v2, answer by answer.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// suite is one run against one gateway: what it made and what it wrote, per shard.
type suite struct {
	client  *kinesis.Client
	stream  string
	arn     string
	written [2][]written
}

type written struct{ key, data, sequence string }

var background = context.Background()

func newSuite() *suite {
	settings, err := config.LoadDefaultConfig(background, config.WithRetryMaxAttempts(1))
	must(err, "configuration")
	client := kinesis.NewFromConfig(settings, func(options *kinesis.Options) {
		options.BaseEndpoint = aws.String(os.Getenv("FOREBAY_ENDPOINT"))
	})
	name := fmt.Sprintf("go-%d-%d", os.Getpid(), time.Now().UnixMilli()%1000000)
	return &suite{client: client, stream: name, arn: "arn:aws:kinesis:us-east-1:000000000000:stream/" + name}
}

func main() {
	run := newSuite()
	steps := []struct {
		name string
		step func()
	}{
		{"streams", run.streams}, {"puts", run.puts}, {"reads", run.reads}, {"settings", run.settings},
		{"reshard", run.reshard}, {"fan-out", run.fanOut}, {"end", run.end},
	}
	for _, each := range steps {
		before := right
		each.step()
		fmt.Printf("%s: %d answers are right\n", each.name, right-before)
	}
	fmt.Printf("aws-sdk-go-v2 %s on %s: %d answers are right\n", aws.SDKVersion, runtime.Version(), right)
}
