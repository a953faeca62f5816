# make run   build, get an Asterisk if there is none, start, and say what to do next
# make test  install what the tests need and run all of them
# make fuzz  ask every route of the API by its description, with many more examples than the tests
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
	@cargo build --quiet
	@CORDBOARD_OPENAPI_EXAMPLES=50 tools/openapi-tests

bench:
	@tools/bench

# The checks that CI adds to the tests.
check:
	@tools/check
