# analyse.mk: the tools that examine each source by itself, and the slow ones that examine the whole tree. Each writes
# its findings to a file below OUT: FILE.gcc, FILE.clang, or NAME.all. lint.sh, which calls this, reads them.
#
# A source is examined again only if it, one of its headers or this file has changed since.
#   SOURCES   C files, the largest first, so that the last job is a short one
#   OUT       the folder for the results
FLAGS := -std=gnu11 -I. -Iinclude -D_GNU_SOURCE
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wvla
SELF := $(lastword $(MAKEFILE_LIST))

# The analyser of gcc 12 forgets what a structure points to when an array in it is written at an index that it does
# not know (the dictionary's collections and stems, the columns of facets, the places of pieces), and reports the rest
# as leaked. All of it is freed, which the address sanitizer confirms.
LEAKLESS := indexer/dictionary indexer/stemming core/engine/facet_table core/index/pieces
$(LEAKLESS:%=$(OUT)/%.gcc): WARNINGS += -Wno-analyzer-malloc-leak

# Off: advice on padding, and on memcpy and snprintf, which have bounds here. The
# analyser of version 14 takes va_start for a macro that it does not know.
CHECKS := -*,clang-analyzer-*,-clang-analyzer-optin.performance.Padding
CHECKS := $(CHECKS),-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,-clang-analyzer-valist.Uninitialized
# States examined in one function; the default is 225,000. Large functions reach either, and take time in proportion;
# unvisited blocks come first.
MOST_STATES := -Xclang -analyzer-config -Xclang max-nodes=75000

TREE := cppcheck format shell man nouns spelling
.PHONY: all always clang
all: $(TREE:%=$(OUT)/%.all) clang $(SOURCES:%.c=$(OUT)/%.gcc)

# Warnings and analysis in one compilation, which also lists the headers.
$(shell mkdir -p $(sort $(dir $(SOURCES:%=$(OUT)/%))))
$(OUT)/%.gcc: %.c $(SELF)
	@gcc $(FLAGS) $(WARNINGS) -Werror -fanalyzer -O1 -MMD -MP -MF $(@:.gcc=.deps) -MT "$@ $(@:.gcc=.clang)" -S $< -o /dev/null \
		>$@.new 2>&1 || echo "$<: gcc fails" >>$@.new
	@mv $@.new $@

# Those that have changed are collected, for which make starts no shell, and clang-tidy gets several at a time.
AT_A_TIME := 8
$(OUT)/%.clang: %.c $(SELF) tests/lint/clang.sh
	@$(file >>$(OUT)/clang.stale,$<)

clang: $(SOURCES:%.c=$(OUT)/%.clang)
	@[ ! -e $(OUT)/clang.stale ] || { awk '!seen[$$0]++' $(OUT)/clang.stale | xargs -P $(shell nproc) -n $(AT_A_TIME) \
		tests/lint/clang.sh $(OUT) '$(CHECKS)' $(FLAGS) $(MOST_STATES) -- && rm $(OUT)/clang.stale; }

# Findings of a tool that does not print them fail, too.
FAILS = || echo "$(@F) fails" >>$@

# The jobs start at the same time, so each needs the folder of its result before it runs.
$(TREE:%=$(OUT)/%.all): | $(OUT)/cppcheck
$(OUT)/cppcheck:
	@mkdir -p $@

$(OUT)/cppcheck.all: always
	@cppcheck -q -j $(shell nproc) --cppcheck-build-dir=$(OUT)/cppcheck --std=c11 --enable=warning,portability,performance \
		--inline-suppr --suppress=missingIncludeSystem --library=tests/lint/cppcheck.cfg --error-exitcode=1 \
		$(filter -I% -D%,$(FLAGS)) $(sort $(foreach file,$(SOURCES),$(firstword $(subst /, ,$(file))))) >$@ 2>&1 $(FAILS)

$(OUT)/format.all: always
	@git ls-files '*.c' '*.h' '*.cc' | xargs clang-format --dry-run -Werror >$@ 2>&1 $(FAILS)

$(OUT)/shell.all: always
	@git ls-files '*.sh' .ci/run 'debian/tests/*' 'debian/*.post*' 'debian/*.prerm' ':!debian/tests/control' | xargs shellcheck -x >$@ 2>&1 $(FAILS)

$(OUT)/man.all: always
	@git ls-files 'docs/man/*' | xargs mandoc -Tlint 2>&1 | grep -vE 'referenced manual not found|outdated mandoc.db' >$@ || true

$(OUT)/nouns.all: always
	@/usr/bin/python3 tests/lint/counts.py --off-noun >$@ 2>&1 $(FAILS)

# Left out: words that are misspelled on purpose, and the macros of man pages. "nIn" is "\nIn" in a C string.
$(OUT)/spelling.all: always
	@git ls-files '*.md' '*.c' '*.h' '*.cc' '*.sh' '*.py' '*.in' Makefile | xargs codespell -I tests/lint/spelling.txt >$@ 2>&1 $(FAILS)

-include $(SOURCES:%.c=$(OUT)/%.deps)
