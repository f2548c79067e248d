# SPDX-License-Identifier: Apache-2.0

GO ?= go
# What was built in one folder is not built again in another.
export GOFLAGS := $(shell $(GO) env GOFLAGS) -trimpath
TOOL = $(GO) tool -modfile=tools/go.mod

.DEFAULT_GOAL := help
.NOTPARALLEL:

## Use

.PHONY: help demo
help: ## say what each target does
	@sed -n -e 's/^## \(.*\)/\n\1/p' -e 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

demo: ## two fictional customers at http://acme.localhost:8080
	$(GO) run ./cmd/verlof demo

## Test

# Each run anew: Go's cache of results does not see PostgreSQL and Chromium go. vet runs with the linters. More at once than there
# are processors, because tests wait for disks and programs of others; those that take longest begin first. What hangs is ended
# after longer than a slow machine takes for a browser's look at every page.
TEST = $(GO) test -count=1 -timeout 45m -vet=off
SWIFT = GOTMPDIR=$${GOTMPDIR:-$${TMPDIR:-/tmp}} TMPDIR=$$(scripts/memory) $(TEST) -p 3
FIRST = ./cmd/verlof ./store ./web ./tenant ./api

.PHONY: test race faults soak bench screenshots
test: ## all tests, with a real PostgreSQL, a real browser and programs of others
	scripts/prerequisites postgresql pgbackrest chromium npm pdftotext apache gpg openssl python3
	$(SWIFT) $(FIRST) ./...

# One after the other nothing races, and the detector takes ten times as long: these tests, programs of others, and the rooms
# in which nothing runs at once are left out; so is TestMove, whose copies then take longer than changes may wait for a lock. What
# both engines are asked one after the other, SQLite alone is asked (-short).
# So are those of cmd/verlof whose server is a program of its own, which is built without the detector (TestKill/*, TestSpare,
# TestRecover_registry): it would look at the test alone. TestLoss stays, which recovers in the test's own process.
SERIAL = Test.*_cutShort TestAdministration$$ TestApache TestBackupNow_held TestBarePassword TestBroken TestBroughtOver \
	TestClosed TestClusters TestCutShort TestDemo$$ TestDestroyEverywhere TestEarlier TestEmployee$$ TestEveryStatement \
	TestExportTables TestFailNth TestForeign$$ TestForeseen TestFresh$$ TestFull$$ TestGuide TestIdentity$$ TestLint$$ \
	TestLook_leftBehind TestMatrix$$ TestMove$$ TestNode TestOIDCC TestOtherCustomer TestOutsider TestOwn$$ \
	TestPast_takes_nothing TestPlaceholders TestPowerCut TestPrepares TestRecoverConfiguration TestRecover_registry$$ \
	TestRows$$ TestSQLite$$ TestScenarioPage TestScripts TestSecondPlace TestSecure TestServe_behind_a_proxy \
	TestServe_upgrade TestServers TestShown TestSignedOut$$ TestSlips TestSpare$$ TestSystemManager TestValues
NOTHING =
BLANK = $(NOTHING) $(NOTHING)
LONG = ^($(subst $(BLANK),|,$(strip $(SERIAL))))|^TestKill$$/.|^TestLoss$$/^s3$$
# A room in which something runs at once, in the product or in its tests, has a file that begins it in one of these ways. Those
# in ALONE measure, or compute one thing after the other, or drive a browser; what operate does at once, cmd's TestLoss has it do.
BEGINS = ^[[:space:]]*(defer )?go [a-z]|\.Go\(|AfterFunc\(|RunParallel\(|\.Parallel\(|NewServer\(|NewTLSServer\(|AtOnce\(
ALONE = ^(bench|leave|operate|internal/browsertest|web/template)(/|$$)
# SQLite itself is C made into Go: its memory lies outside Go's, where the detector sees nothing. Looked into, it takes many times as long.
CLOSED = -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc=-race=false
race: ## what runs at once, under the race detector
	scripts/prerequisites postgresql chromium npm gcc pdftotext gpg openssl python3
	$(SWIFT) -race $(CLOSED) -short -skip '$(LONG)' $(FIRST) \
		$$(git grep -lE --untracked '$(BEGINS)' -- '*.go' | xargs -n 1 dirname | sort -u | grep -v -E '$(ALONE)' | sed 's|^|./|')

faults: ## plants faults in the leave engine, and takes checks of who may out: the tests must see each
	$(TEST) -tags faults -run '^TestFaults$$' ./leave ./api ./web

soak: ## at length: the server killed 20,000 times, its disk taken away 100 times; 2,000 moments had back; a customer moved 400 times
	mkdir -p out/soak
	VERLOF_SOAK=$(CURDIR)/out/soak VERLOF_KILLS=10000 $(TEST) -timeout 12h -v -run '^TestKill$$' ./cmd/verlof
	VERLOF_MOVES=100 $(TEST) -timeout 2h -run '^TestMove$$' ./tenant
	VERLOF_MOMENTS=2000 $(TEST) -run '^TestRestore$$' ./backup
	VERLOF_POWER=3000 VERLOF_FAIL_STEP=1 $(TEST) -run '^(TestPowerCut|TestFailNth)$$' ./store
	VERLOF_LOSSES=50 $(TEST) -timeout 2h -run '^TestLoss$$' ./cmd/verlof

bench: ## one table: what Verlof does, beside what the machine can
	$(GO) run ./bench

screenshots: ## pictures of every page in out/screenshots, and those of the documents made anew
	scripts/prerequisites chromium npm
	rm -f out/screenshots/month-1440-light.png
	VERLOF_OUT=$(CURDIR)/out $(TEST) -run '^(TestPages|TestPictures)$$' ./cmd/verlof
	mkdir -p docs/images
	cp out/screenshots/month-1440-light.png docs/images/month.png

## Check

.PHONY: check format generated tidy lint vulnerabilities generate
check: format generated tidy lint vulnerabilities race test ## what CI runs: these, then race, then test

format: ## gofmt
	@unformatted=$$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 -r gofmt -l) && \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):"; echo "$$unformatted"; exit 1; fi

generated: ## the committed Go of the templ files is current
	scripts/generate --check

tidy: ## go.mod names what is used and no more
	$(GO) mod tidy -diff
	$(GO) -C tools mod tidy -diff

lint: ## golangci-lint, with vet and staticcheck in it
	$(TOOL) golangci-lint run ./...

vulnerabilities: ## govulncheck, where its database is reachable
	scripts/vulnerabilities

generate: ## remake the Go of the templ files
	scripts/generate
