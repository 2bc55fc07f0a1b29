# make demo    installs what is missing, builds, and runs the examples against a sandbox
# make test    installs what is missing, builds, and runs the specs
# The other targets are for development; CONTRIBUTING.md tells about them.

LUA ?= lua5.4
CFLAGS ?= -O2 -g -Wall -Wextra -Wpedantic
PKG_CONFIG ?= pkg-config

# LuaJIT, in nginx, Neovim and LÖVE too, takes the core that is built for Lua 5.1.
ABI = $(if $(filter luajit%,$(LUA)),lua5.1,$(LUA))
VARIANT = $(if $(SANITIZE),-sanitize)$(if $(NO_EPOLL),-noepoll)
OUT = build/$(ABI)$(VARIANT)
# Its hosts can't carry the sanitizers.
CORE_FOR_LUAJIT = build/lua5.1$(if $(NO_EPOLL),-noepoll)
# Two modules, so that a program waits for libcurl and what that needs only where something is sent.
CORE = $(OUT)/hubspot/native.so
ENGINE = $(OUT)/hubspot/engine.so
SOURCES = $(wildcard csrc/*.c)
OBJECTS = $(SOURCES:csrc/%.c=$(OUT)/obj/%.o)
ONLY_ENGINE_OBJECTS = $(addprefix $(OUT)/obj/,bytes.o engine.o engine_lua.o fork_mark.o poller.o request.o resident.o \
	sigpipe.o transfer.o)
CORE_OBJECTS = $(filter-out $(ONLY_ENGINE_OBJECTS),$(OBJECTS))
ENGINE_OBJECTS = $(ONLY_ENGINE_OBJECTS) $(addprefix $(OUT)/obj/,buffer.o headers.o json_decode.o json_keys.o)

NEEDED = -std=c11 -fPIC -fvisibility=hidden -pthread -MMD -MP \
	$(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-omit-frame-pointer) \
	$(if $(NO_EPOLL),-DHUBSPOT_NO_EPOLL)
comma = ,

LUA_PATHS = LUA=$(LUA) LUA_PATH="lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;" LUA_CPATH="$(OUT)/?.so;;" \
	CORE_FOR_LUAJIT="$(CORE_FOR_LUAJIT)"
# Run by its interpreter directly, so that sanitizers and valgrind see that process and not a shell.
BUSTED = $$(command -v busted) --ignore-lua -o spec/support/output.lua

SPECS = spec
# In runs with a process for each file: how many files at once. Specs wait more than they work.
JOBS ?= 3
# What needs longest comes first.
SLOW_SPECS = $(addprefix spec/,faults/matrix_spec.lua $(addsuffix _spec.lua,search_paging resume parallel examples \
	sandbox_mutations pipeline scan long_read contacts_iterators oauth_loops webhook \
	command/import_faults command/import_upsert_faults command/export_records_faults command/export_wide_faults \
	command/mirror_faults command/mirror_sweep_faults))
# Their hosts have an interpreter of their own, and a core for it: the same run whatever LUA is.
HOST_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,host_love host_neovim host_nginx limiter_nginx webhook_nginx cosocket \
	cosocket_bounds examples_hosts))
# Programs that any Lua runs alike.
MIRROR_SPECS = $(wildcard spec/mirror/*_spec.lua)
COMMAND_SPECS = $(wildcard spec/command/*_spec.lua)
SERVER_SPECS = $(wildcard spec/server/*_spec.lua)
PROGRAM_SPECS = $(COMMAND_SPECS) $(MIRROR_SPECS) $(SERVER_SPECS) $(wildcard spec/examples*_spec.lua spec/guides*_spec.lua spec/readme*_spec.lua)
# They read the sources, whatever runs them.
SOURCE_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,house patterns rockspec types words))
# For another Lua than that of `make test`.
PORTABLE_SPECS = $(filter-out $(HOST_SPECS) $(PROGRAM_SPECS) $(SOURCE_SPECS),$(ALL_SPECS))
# What waits by epoll or, without it, by poll.
EPOLL_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,engine engine_failures engine_lifetime client client_retries \
	client_token coalescing cosocket dropped host_cqueues host_nginx loop_frame loop_luv loop_plain memory oauth_loops \
	parallel pipeline prefetch retry))
# A minute is too short for them.
LONG_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,parallel search_paging oauth_loops flat_memory resume sandbox_mutations \
	answers pipeline long_read)) spec/faults/matrix_spec.lua
QUICK_SPECS = $(filter-out $(LONG_SPECS),$(PORTABLE_SPECS))
# Left out: cores for other interpreters have no sanitizers; the peak of memory is the sanitizers' own; and the command,
# the mirror and the sandbox's server, which need many processes or sockets, run nothing in C that the library's specs don't.
NOT_SANITIZED = $(HOST_SPECS) $(COMMAND_SPECS) $(MIRROR_SPECS) $(SERVER_SPECS) spec/flat_memory_spec.lua
# Debian has lua-posix, and so a fork, for Lua 5.3 and not for 5.4.
FORK_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,engine_lifetime limiter_file retry))
ALL_SPECS = $(SLOW_SPECS) $(filter-out $(SLOW_SPECS),$(wildcard spec/*_spec.lua spec/*/*_spec.lua))
SANITIZE_SPECS = $(filter-out $(NOT_SANITIZED),$(ALL_SPECS))
# valgrind is some twenty times slower than plain runs. These run each C function that curl and the system here can have
# run: the core, the locked file, and the engine in each loop.
MEMORY_SPECS = $(addprefix spec/,$(addsuffix _spec.lua,engine engine_failures engine_lifetime error client core_csv \
	client_retries client_token headers json limiter_file memory url loop_plain loop_frame loop_luv host_cqueues))

# A file that was renamed must not drop out of a list in silence.
LISTED_SPECS = $(SLOW_SPECS) $(SOURCE_SPECS) $(HOST_SPECS) $(EPOLL_SPECS) $(LONG_SPECS) $(NOT_SANITIZED) $(FORK_SPECS) $(MEMORY_SPECS)
MISSING_SPECS = $(sort $(filter-out $(wildcard spec/*_spec.lua spec/*/*_spec.lua),$(LISTED_SPECS)))
$(if $(MISSING_SPECS),$(error Lists of the Makefile name specs that are not there: $(MISSING_SPECS)))

BUILD_PACKAGES = gcc libc6-dev pkg-config lua5.4 liblua5.4-dev libcurl4-openssl-dev ca-certificates
DEMO_PACKAGES = $(BUILD_PACKAGES) lua-socket lua-argparse
# The hosts of the specs, and the loops.
HOST_PACKAGES = nginx libnginx-mod-http-lua lua-nginx-string neovim love lua-luv lua-cqueues liblua5.1-0-dev
REDIS_PACKAGES = redis-server lua-redis lua-nginx-redis
DATABASE_PACKAGES = lua-sql-sqlite3 lua-sql-postgres sqlite3 postgresql
TEST_PACKAGES = $(DEMO_PACKAGES) $(HOST_PACKAGES) $(REDIS_PACKAGES) $(DATABASE_PACKAGES) lua-busted lua-cjson lua-sec \
	lua-luaossl openssl curl procps groff-base
CHECK_PACKAGES = $(TEST_PACKAGES) lua-check luarocks valgrind clang clang-format clang-tidy libclang-rt-14-dev lua-posix \
	lua5.1 liblua5.1-0-dev lua5.2 liblua5.2-dev lua5.3 liblua5.3-dev luajit2 libluajit2-5.1-dev chromium
BENCH_PACKAGES = $(BUILD_PACKAGES) lua-cjson lua-socket lua-argparse lua-http nginx-light libnginx-mod-http-lua binutils
BENCH_HOSTS_PACKAGES = $(DEMO_PACKAGES) $(HOST_PACKAGES) luajit2 lua-cjson lua-http wrk

.PHONY: build demo test specs specs-portable specs-quick specs-epoll check format check-format lint check-headers generate check-generated check-coverage check-openapi check-clients check-page packages-check check-rock check-sanitize check-valgrind fuzz soak clean

build: $(CORE) $(ENGINE)

$(CORE): $(CORE_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(NEEDED) -shared $(LDFLAGS) -o $@ $^ -lm

$(ENGINE): $(ENGINE_OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(NEEDED) -shared $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs libcurl) -lm

$(OUT)/obj/%.o: csrc/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(NEEDED) $$($(PKG_CONFIG) --cflags $(ABI) libcurl) -c -o $@ $<

demo:
	@tools/install-packages $(DEMO_PACKAGES)
	@$(MAKE) --no-print-directory build
	@$(LUA_PATHS) tools/demo

test:
	@tools/install-packages $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory specs

specs: build
	@$(MAKE) --no-print-directory build LUA=lua5.1
	$(LUA_PATHS) $(LUA) $(BUSTED) --helper=spec/support/coverage.lua $(SPECS)

specs-portable:
	@$(MAKE) --no-print-directory specs SPECS="$(PORTABLE_SPECS)"

specs-quick:
	@$(MAKE) --no-print-directory specs SPECS="$(QUICK_SPECS)"

specs-epoll:
	@$(MAKE) --no-print-directory specs SPECS="$(EPOLL_SPECS)"

# Before a commit: a minute at most, and no host.
check: build check-format check-generated
	@$(MAKE) --no-print-directory build LUA=lua5.1
	luacheck -q $(LINTED)
	@printf '%s\n' $(QUICK_SPECS) $(SOURCE_SPECS) | $(LUA_PATHS) tools/each-alone $(JOBS) $(LUA) $(BUSTED) >build/check.log 2>&1 || \
		{ grep -v '^ok ' build/check.log; exit 1; }
	@awk '/^ok .* passed, 0 failed/ { passed += $$3 } END { print passed " passed, 0 failed" }' build/check.log

# Random operations and faults for SOAK_SECONDS (120); SEED repeats a run.
soak: build
	$(LUA_PATHS) $(LUA) bench/soak.lua

# Portals that change while they are read, for SIMULATE_SECONDS (60); SEED repeats a run, and shows its requests;
# FIRST_SEED is where many begin.
.PHONY: simulate
simulate: build
	$(LUA_PATHS) $(LUA) bench/simulate.lua

packages-check:
	@tools/install-packages $(CHECK_PACKAGES)

# StyLua comes from npm and runs offline from then on; without npm the form of the Lua files is left unchecked.
FORMATTED = $(shell git ls-files '*.lua' '*.rockspec')
FORMAT = tools/format/node_modules
$(FORMAT): tools/format/package-lock.json
	npm ci --silent --prefix tools/format
	@touch $@

format: $(FORMAT)
	node tools/format/format.js $(FORMATTED)

check-format:
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(FORMAT) && node tools/format/format.js --check $(FORMATTED); \
	else \
		echo "npm is missing: the form of the Lua files is not checked" >&2; \
	fi

LINTED = lua program spec examples tools bench fuzz bin/hubspot-lua hubspot-scm-1.rockspec hubspot-lua-scm-1.rockspec
lint: check-format
	luacheck -q $(LINTED)
	clang-format --dry-run -Werror csrc/*.[ch] fuzz/*.[ch] tools/*.c spec/support/*.c bench/*.c bench/contender/*.[ch]
	# One by one: over several files at once its va_list check sees ghosts.
	for source in csrc/*.c fuzz/*.c; do \
		clang-tidy --quiet $$source -- -std=c11 $$($(PKG_CONFIG) --cflags lua5.4 libcurl) || exit 1; \
	done

# The headers of Lua that nothing here is built with: where they are, the core compiles.
HEADERS_ONLY = luajit lua5.5
check-headers:
	@for lua in $(HEADERS_ONLY); do \
		$(PKG_CONFIG) --exists $$lua || { echo "$$lua: no headers here"; continue; }; \
		$(CC) $(CFLAGS) -Werror -std=c11 -fsyntax-only $$($(PKG_CONFIG) --cflags $$lua libcurl) csrc/*.c || exit 1; \
		echo "$$lua: compiles"; \
	done

generate: build
	$(LUA_PATHS) $(LUA) tools/generate.lua .

check-generated: build
	tools/check-generated $(LUA_PATHS) $(LUA)

# Runs other people's clients, as they are on npm, against the sandbox.
CLIENTS = spec/clients/node_modules
$(CLIENTS): spec/clients/package-lock.json
	npm ci --silent --prefix spec/clients
	@touch $@

check-clients: build $(CLIENTS)
	$(LUA_PATHS) node --test spec/clients

# Opens the sandbox's page in Chromium, which playwright-core from npm drives.
BROWSER_DRIVER = spec/page/node_modules
$(BROWSER_DRIVER): spec/page/package-lock.json
	npm ci --silent --prefix spec/page
	@touch $@

check-page: build $(BROWSER_DRIVER)
	LUA=$(LUA) $(LUA_PATHS) node --test spec/page

# Holds the sandbox's answers against the files of the folder OPENAPI.
check-openapi: build
	@[ -n "$(OPENAPI)" ] || { echo "OPENAPI must name a folder of OpenAPI files" >&2; exit 1; }
	OPENAPI="$(OPENAPI)" $(LUA_PATHS) $(LUA) $(BUSTED) --helper=spec/support/check_openapi.lua \
		$(wildcard spec/sandbox_*_spec.lua)

# Needs the file that the specs wrote, as COVERAGE named it.
check-coverage: build
	$(LUA_PATHS) $(LUA) tools/coverage.lua $(COVERAGE)

check-rock:
	tools/check-rock

# Needs root. The first run unpacks a Debian, which the next ones find in build/debian.
.PHONY: check-debian
check-debian:
	tools/check-debian

check-sanitize:
	@$(MAKE) --no-print-directory check-sanitized SANITIZE=1 LUA=lua5.4
	@$(MAKE) --no-print-directory check-sanitized SANITIZE=1 LUA=lua5.3 SANITIZE_SPECS="$(FORK_SPECS)"

$(OUT)/sanitized.so: tools/sanitized.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -shared -o $@ $<

# What any process finds fails the run, the children of the specs included.
.PHONY: check-sanitized
check-sanitized: build $(OUT)/sanitized.so
	@$(MAKE) --no-print-directory build LUA=lua5.1 SANITIZE=
	@rm -f $(OUT)/found.*
	@printf '%s\n' $(SANITIZE_SPECS) | $(LUA_PATHS) LUA=$(CURDIR)/tools/sanitized-lua SANITIZED=$(LUA) \
		SANITIZERS="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so) $(CURDIR)/$(OUT)/sanitized.so" \
		ASAN_OPTIONS=log_path=$(CURDIR)/$(OUT)/found \
		UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:log_path=$(CURDIR)/$(OUT)/found \
		LSAN_OPTIONS=suppressions=$(CURDIR)/spec/support/lsan.supp:print_suppressions=0 \
		tools/each-alone $(JOBS) tools/sanitized-lua $(BUSTED); status=$$?; \
		! cat $(OUT)/found.* 2>/dev/null && exit $$status

check-valgrind:
	@$(MAKE) --no-print-directory check-valgrinded LUA=lua5.4
	@$(MAKE) --no-print-directory check-valgrinded LUA=lua5.3 MEMORY_SPECS="$(FORK_SPECS)"

.PHONY: check-valgrinded
check-valgrinded: build
	@printf '%s\n' $(MEMORY_SPECS) | $(LUA_PATHS) tools/each-alone $(JOBS) \
		valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
		--child-silent-after-fork=yes --error-exitcode=99 $(LUA) $(BUSTED)

# What is compared with this library. HubSpot's and MadKudu's clients need Node; without it they are left out.
BENCH_CFLAGS = -O2 -Wall -Wextra -std=c11
BENCH_NODE = bench/contender/hubspot-api-client bench/contender/madkudu-hubspot

.PHONY: bench bench-build bench-hosts bench-objects
bench:
	@tools/install-packages $(BENCH_PACKAGES)
	@$(MAKE) --no-print-directory bench-build
	lua5.4 bench/run.lua
	lua5.4 bench/chart.lua bench/results.json doc/performance.svg
	lua5.4 bench/page.lua bench/results.json doc/performance.md

# What is held of CRM objects, associations and writes of many alone; `lua5.4 bench/run.lua NAME` runs one of them.
bench-objects: bench-build
	lua5.4 bench/run.lua objects-80 associations-80 write-80 write-start write-0

# The hosts: what a call costs in each.
bench-hosts:
	@tools/install-packages $(BENCH_HOSTS_PACKAGES)
	@$(MAKE) --no-print-directory build LUA=lua5.4
	@$(MAKE) --no-print-directory build LUA=lua5.1
	LUA_PATH="lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" lua5.4 bench/hosts.lua

# The command: SCENARIOS names some of bench/command.lua, such as import=20000.
.PHONY: bench-command
bench-command: build
	@mkdir -p build/bench
	$(CC) $(BENCH_CFLAGS) -o build/bench/measure bench/measure.c
	LUA=lua5.4 LUA_PATH="lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" \
		lua5.4 bench/command.lua $(SCENARIOS)

# The sandbox's server: its start, its memory, and the processor's time of each request.
.PHONY: bench-sandbox
bench-sandbox: build
	LUA=lua5.4 LUA_PATH="lua/?.lua;lua/?/init.lua;program/?.lua;program/?/init.lua;./?.lua;;" LUA_CPATH="build/lua5.4/?.so;;" lua5.4 bench/sandbox.lua

bench-build: build
	@mkdir -p build/bench
	$(CC) $(BENCH_CFLAGS) -o build/bench/measure bench/measure.c
	$(CC) $(BENCH_CFLAGS) -o build/bench/libcurl bench/contender/libcurl.c $$($(PKG_CONFIG) --cflags --libs libcurl)
	$(CC) $(BENCH_CFLAGS) -fPIC -shared -o build/bench/bench_fetch.so bench/contender/bench_fetch.c \
		$$($(PKG_CONFIG) --cflags --libs lua5.4 libcurl)
	@command -v npm >/dev/null || echo "npm is missing: the Node clients are left out" >&2
	@! command -v npm >/dev/null || for folder in $(BENCH_NODE); do npm ci --silent --prefix $$folder || exit 1; done

# Mirrors that follow a portal in which somebody works for WRITERS_SECONDS (300), four times: with merges of both kinds,
# and with faults and without; SEED repeats what is done and disturbed.
.PHONY: check-writers
WRITERS_SECONDS ?= 300
check-writers:
	WRITERS_SECONDS=$(WRITERS_SECONDS) $(MAKE) --no-print-directory specs SPECS=spec/mirror/concurrent_writers_spec.lua

# Figures of a mirror of MIRROR_CONTACTS (100000) contacts; then 25,000 changes of one millisecond, 50 kills in a first
# copy, in windows and in a sweep on each database, and people who work for minutes; SEED repeats a run of these.
.PHONY: bench-mirror
bench-mirror:
	@tools/install-packages $(BENCH_PACKAGES) $(TEST_PACKAGES)
	@$(MAKE) --no-print-directory build
	@mkdir -p build/bench
	$(CC) $(BENCH_CFLAGS) -o build/bench/measure bench/measure.c
	$(LUA_PATHS) lua5.4 bench/mirror.lua $(MIRROR_CONTACTS)
	lua5.4 bench/mirror_growth.lua
	MIRROR_CHANGES=25000 $(MAKE) --no-print-directory specs SPECS=spec/mirror/run_spec.lua
	MIRROR_KILLS=50 $(MAKE) --no-print-directory specs SPECS=spec/mirror/kill_spec.lua
	MIRROR_ROUNDS=300 $(MAKE) --no-print-directory specs SPECS=spec/mirror/writers_spec.lua
	@$(MAKE) --no-print-directory check-writers

# libFuzzer targets: fuzz/NAME.c, with seeds in fuzz/corpus/NAME. What they find stays in build/fuzz/found.
FUZZ = build/fuzz
FUZZ_SECONDS ?= 60
FUZZ_TARGETS = json_decode json_encode url headers
FUZZ_CFLAGS = -std=c11 -O1 -g -Wall -Wextra -Wpedantic -pthread -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined,float-cast-overflow -fno-sanitize-recover=all

# Answers of the sandbox, changed at random, for every operation, for FUZZ_SECONDS; SEED repeats a run.
.PHONY: fuzz-answers
fuzz-answers: build
	FUZZ_SECONDS=$(FUZZ_SECONDS) SEED=$(SEED) $(LUA_PATHS) $(LUA) fuzz/answers.lua

fuzz: $(FUZZ_TARGETS:%=$(FUZZ)/%)
	@mkdir -p $(FUZZ)/found
	@printf '%s\n' $(FUZZ_TARGETS) | xargs -P 2 -I NAME tools/fuzz NAME $(FUZZ) $(FUZZ_SECONDS)

# The headers' target has two of the sources within it.
$(FUZZ)/%: fuzz/%.c fuzz/fuzz.c fuzz/json_check.c $(SOURCES) $(wildcard csrc/*.h fuzz/*.h) Makefile
	@mkdir -p $(@D)
	clang $(FUZZ_CFLAGS) $$($(PKG_CONFIG) --cflags lua5.4 libcurl) -o $@ \
		$(filter-out $(if $(findstring headers,$@),%/transfer.c %/request.c),$(filter %.c,$^)) \
		$$($(PKG_CONFIG) --libs lua5.4 libcurl) -lm

clean:
	rm -rf build

-include $(OBJECTS:.o=.d)
