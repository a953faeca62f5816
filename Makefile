# make run   build, get an Asterisk if there is none, start, and say what to do next
# make test  install what the tests need and run all of them
# make fuzz  feed what reads the bytes of others with them, FUZZ_SECONDS (300) a target, then ask every route at random
# make bench print every figure with its target and this machine's floor
# make help  this list

.PHONY: help run test fuzz bench check

help:
	@grep '^# make' Makefile | cut -c3-

run:
	@tools/run

test:
	@tools/test

fuzz:
	@tools/fuzz
	@cargo build --quiet
	@CORDBOARD_OPENAPI_EXAMPLES=50 tools/openapi-tests

bench:
	@tools/bench

# The checks that CI adds to the tests.
check:
	@tools/check
