package main

import (
	"crypto/md5"
	"errors"
	"fmt"
	"math/big"
	"os"
	"reflect"
	"time"

	"github.com/aws/smithy-go"
)

var right int

func check(condition bool, format string, arguments ...any) {
	if !condition {
		fmt.Printf("WRONG: "+format+"\n", arguments...)
		os.Exit(1)
	}
	right++
}

func equal(found, wanted any, what string) {
	check(reflect.DeepEqual(found, wanted), "%s: found %+v, wanted %+v", what, found, wanted)
}

func must(err error, what string) { check(err == nil, "%s: %v", what, err) }

// got is the answer of a call that must succeed.
func got[T any](answer T, err error) T {
	must(err, fmt.Sprintf("%T", answer))
	return answer
}

// refused says whether a call ended with this error type.
func refused(err error, kind, what string) {
	var fault smithy.APIError
	check(errors.As(err, &fault), "%s: found %v, wanted %s", what, err, kind)
	equal(fault.ErrorCode(), kind, what+": "+fault.ErrorMessage())
}

// until asks again and again until done says so.
func until(what string, done func() bool) {
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		check(time.Now().Before(end), "%s within 20 s", what)
	}
}

func power(bits uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), bits) }

func number(text string) *big.Int {
	value, ok := new(big.Int).SetString(text, 10)
	check(ok, "%q is a number", text)
	return value
}

func hashOf(key string) *big.Int {
	sum := md5.Sum([]byte(key))
	return new(big.Int).SetBytes(sum[:])
}

func shardID(number int) string { return fmt.Sprintf("shardId-%012d", number) }
