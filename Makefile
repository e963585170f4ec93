# Every target is a script in tools/; this file only names them.
.DEFAULT_GOAL := all
.PHONY: all demo test bench nightly calibration format lint tidy clean help
MAKEFLAGS += --no-print-directory

all: ## build/release/src/cli/tact, the release program
	@exec tools/release

demo: ## everything the demo needs, then the demo on http://127.0.0.1:8080
	@exec tools/demo

test: ## every test; ends with "N passed, N failed, N skipped"
	@exec tools/test

tidy: ## only the rules of the code and the documents (a second)
	@exec tools/tidy

bench: ## measurements beside what this disk and a plain server can do
	@exec tools/bench

nightly: ## every test with the long ones, and longer fuzzing
	@exec tools/nightly

calibration: ## docs/calibration.md: what intervals cover, by simulation (45 minutes)
	@exec tools/calibrate

format: ## clang-format on the C++ that changed; ALL=1 for all of it
	@exec tools/format

lint: ## clang-tidy and the format check on the C++ that changed since BASE (default: the last commit on the upstream)
	@exec tools/lint

clean: ## everything built, but not the pinned Node
	@find build -mindepth 1 -maxdepth 1 ! -name node -exec rm -rf {} +
	@rm -rf web/*/dist

help: ## this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16
