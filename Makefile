LUA ?= lua5.4
CFLAGS ?= -O2 -g -Wall -Wextra -Wpedantic
PKG_CONFIG ?= pkg-config

VARIANT = $(LUA)$(if $(SANITIZE),-sanitize)$(if $(NO_EPOLL),-noepoll)
OUT = build/$(VARIANT)
SOURCES = $(wildcard csrc/*.c)
OBJECTS = $(SOURCES:csrc/%.c=$(OUT)/obj/%.o)
CORE = $(OUT)/hubspot/core.so

NEEDED = -std=c11 -fPIC -fvisibility=hidden -pthread -MMD -MP \
	$(if $(SANITIZE),-fsanitize=address$(comma)undefined -fno-omit-frame-pointer) \
	$(if $(NO_EPOLL),-DHUBSPOT_NO_EPOLL)
comma = ,

CORE_SPECS = spec/json_spec.lua spec/url_spec.lua spec/engine_spec.lua
LUA_PATHS = LUA_PATH="lua/?.lua;lua/?/init.lua;./?.lua;;" LUA_CPATH="$(OUT)/?.so;;"
# Run by its interpreter directly, so that sanitizers and valgrind see that process and not a shell.
BUSTED = $(shell command -v busted)

.PHONY: build check-core check-sanitize check-valgrind clean

build: $(CORE)

$(CORE): $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(NEEDED) -shared $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs libcurl) -lm

$(OUT)/obj/%.o: csrc/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(NEEDED) $$($(PKG_CONFIG) --cflags $(LUA) libcurl) -c -o $@ $<

check-core: build
	$(LUA_PATHS) $(LUA) $(BUSTED) --ignore-lua $(CORE_SPECS)

check-sanitize:
	$(MAKE) check-sanitized SANITIZE=1

.PHONY: check-sanitized
check-sanitized: build
	$(LUA_PATHS) LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
	ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	LSAN_OPTIONS=suppressions=spec/support/lsan.supp:print_suppressions=0 \
	$(LUA) $(BUSTED) --ignore-lua $(CORE_SPECS)

check-valgrind: build
	$(LUA_PATHS) valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
	--child-silent-after-fork=yes --error-exitcode=99 \
	$(LUA) $(BUSTED) --ignore-lua $(CORE_SPECS)

clean:
	rm -rf build

-include $(OBJECTS:.o=.d)
