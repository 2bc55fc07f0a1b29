#define _DEFAULT_SOURCE

#include <pthread.h>
#include <string.h>

#include "clock.h"
#include "compat.h"
#include "engine.h"
#include "headers.h"
#include "json.h"
#include "resident.h"

#define ENGINE_TYPE "hubspot.engine"
#define TRANSFER_TYPE "hubspot.transfer"

/* A body of at most this many bytes becomes a text of Lua's at once. A longer one stays where it
 * is, to be decoded there: as a text it would wait for its collection with a whole page in it. */
#define SHORT_BODY 4096

__attribute__((visibility("default"))) int luaopen_hubspot_engine(lua_State *L);

/* ---- Errors ----------------------------------------------------------------------------- */

static const char *kind_name(failure kind) {
    static const char *const names[] = {"none", "network", "timeout", "cancelled", "decode"};
    return names[kind];
}

static void push_error_table(lua_State *L, failure kind, const char *message) {
    lua_createtable(L, 0, 4);
    lua_pushstring(L, kind_name(kind));
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "sent");
}

/* Pushes nil and the error of a request that never started. */
static int push_error(lua_State *L, failure kind, const char *message) {
    lua_pushnil(L);
    push_error_table(L, kind, message);
    return 2;
}

/* ---- Transfers -------------------------------------------------------------------------- */

/* Pushes a new transfer, which owns nothing yet. */
static transfer *new_transfer(lua_State *L) {
    transfer *t = lua_newuserdata(L, sizeof *t);
    memset(t, 0, sizeof *t);
    luaL_getmetatable(L, TRANSFER_TYPE);
    lua_setmetatable(L, -2);
    return t;
}

static transfer *check_transfer(lua_State *L) {
    transfer *t = luaL_checkudata(L, 1, TRANSFER_TYPE);
    if (t->in_engine.list != NULL)
        engine_notice_fork(t->in_engine.engine);
    return t;
}

/* Returns the transfer, whose answer no call reads that a finalizer has interrupted. */
static transfer *check_unused(lua_State *L) {
    transfer *t = check_transfer(L);
    luaL_argcheck(L, !t->in_use, 1, "is being read");
    return t;
}

static void push_failure(lua_State *L, const transfer *t) {
    push_error_table(L, t->failure, t->message);
    lua_pushboolean(L, t->sent);
    lua_setfield(L, -2, "sent");
    if (t->code != CURLE_OK) {
        lua_pushinteger(L, t->code);
        lua_setfield(L, -2, "curl_code");
    }
}

/* Sets the body in the answer on top of the stack: `body`, a text, or `content`, the transfer,
 * which keeps it. */
static void set_body(lua_State *L, transfer *t) {
    if (t->body.length > SHORT_BODY) {
        lua_pushvalue(L, 1);
        lua_setfield(L, -2, "content");
        return;
    }
    lua_pushlstring(L, t->body.data != NULL ? t->body.data : "", t->body.length);
    lua_setfield(L, -2, "body");
    transfer_drop_body(t);
}

static void push_answer(lua_State *L, transfer *t) {
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, t->status);
    lua_setfield(L, -2, "status");
    headers_push(L, t->head.data != NULL ? t->head.data : "", t->head.length);
    lua_setfield(L, -2, "headers");
    set_body(L, t);
}

/* transfer:response() -> answer | nil, error. An answer is given once: whatever a transfer keeps
 * lives on until a second collection, since the first one only finalizes the transfer. */
static int transfer_response(lua_State *L) {
    transfer *t = check_unused(L);
    if (!t->done)
        return luaL_error(L, "transfer:response: the transfer is still in flight");
    if (t->failure != FAILURE_NONE) {
        lua_pushnil(L);
        push_failure(L, t);
        return 2;
    }
    if (t->given)
        return luaL_error(L, "transfer:response: the answer was given before");
    t->in_use = true;
    push_answer(L, t);
    t->in_use = false;
    transfer_drop_head(t);
    return 1;
}

/* Returns the transfer, of which there must be a body that response() has left in it. */
static transfer *check_content(lua_State *L) {
    transfer *t = check_unused(L);
    luaL_argcheck(L, t->given && t->body.data != NULL, 1, "has no body");
    return t;
}

/* transfer:text() -> the body */
static int transfer_text(lua_State *L) {
    transfer *t = check_content(L);
    t->in_use = true;
    lua_pushlstring(L, t->body.data, t->body.length);
    t->in_use = false;
    return 1;
}

/* transfer:decode(keep_nulls) -> what the body stands for | nil, message */
static int transfer_decode(lua_State *L) {
    transfer *t = check_content(L);
    bool keep_nulls = lua_toboolean(L, 2);
    if (!transfer_end_body(t))
        return luaL_error(L, "not enough memory");
    lua_settop(L, 1);
    t->in_use = true;
    int count = json_decode_text(L, t->body.data, t->body.length, keep_nulls);
    t->in_use = false;
    return count;
}

/* transfer:drop() frees the body. */
static int transfer_drop(lua_State *L) {
    transfer_drop_body(check_content(L));
    return 0;
}

/* transfer:done() -> boolean */
static int transfer_done(lua_State *L) {
    lua_pushboolean(L, check_transfer(L)->done);
    return 1;
}

/* transfer:cancel() */
static int transfer_cancel(lua_State *L) {
    engine_cancel(check_transfer(L));
    return 0;
}

static int transfer_gc(lua_State *L) {
    transfer *t = check_transfer(L);
    engine_forget(t);
    t->in_use = false; /* where an error ended the call that read it */
    transfer_collect(t);
    return 0;
}

static int transfer_tostring(lua_State *L) {
    const transfer *t = check_transfer(L);
    if (!t->done)
        lua_pushfstring(L, "%s (in flight)", TRANSFER_TYPE);
    else if (t->failure == FAILURE_NONE)
        lua_pushfstring(L, "%s (status %d)", TRANSFER_TYPE, (int)t->status);
    else
        lua_pushfstring(L, "%s (%s)", TRANSFER_TYPE, kind_name(t->failure));
    return 1;
}

/* The decoder's upvalue marks arrays, as that of core.decode does. */
static void register_transfers(lua_State *L) {
    static const luaL_Reg methods[] = {{"done", transfer_done},     {"response", transfer_response},
                                       {"text", transfer_text},     {"drop", transfer_drop},
                                       {"cancel", transfer_cancel}, {NULL, NULL}};
    static const luaL_Reg metamethods[] = {
        {"__gc", transfer_gc}, {"__tostring", transfer_tostring}, {NULL, NULL}};
    hubspot_newtype(L, TRANSFER_TYPE, methods, metamethods);
    luaL_getmetatable(L, TRANSFER_TYPE);
    lua_getfield(L, -1, "__index");
    luaL_newmetatable(L, JSON_ARRAY_TYPE);
    lua_pushcclosure(L, transfer_decode, 1);
    lua_setfield(L, -2, "decode");
    lua_pop(L, 2);
}

/* ---- Engines ---------------------------------------------------------------------------- */

static engine *check_engine(lua_State *L) {
    engine *e = luaL_checkudata(L, 1, ENGINE_TYPE);
    engine_notice_fork(e);
    return e;
}

/* A failure shows when the first handle is made. */
static void start_curl(void) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* engine.new() -> engine */
static int new_engine(lua_State *L) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_curl);
    engine *e = hubspot_newuserdata(L, sizeof *e);
    engine_init(e);
    luaL_getmetatable(L, ENGINE_TYPE);
    lua_setmetatable(L, -2);
    lua_newtable(L);
    hubspot_setuservalue(L, -2);
    return 1;
}

/* Launches the transfer on top of the stack, which is prepared; returns NULL, or what is wrong. It
 * is anchored until it is reported, so that it lives on when the program drops it. Nothing after
 * that allocates: a finalizer may close the engine. */
static const char *launch(lua_State *L, engine *e, transfer *t) {
    hubspot_getuservalue(L, 1);
    lua_pushvalue(L, -2);
    t->in_engine.anchor = luaL_ref(L, -2);
    const char *problem = e->closed ? "the engine is closed" : engine_launch(e, t);
    if (problem != NULL)
        luaL_unref(L, -1, t->in_engine.anchor);
    lua_pop(L, 1);
    return problem;
}

/* engine:add(request) -> transfer | nil, error. The transfer is in the engine or freed: Lua runs no
 * finalizer of what a finalizer adds while the state is closed. */
static int add(lua_State *L) {
    engine *e = check_engine(L);
    request r;
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    request_read(L, 2, &r);
    transfer *t = new_transfer(L);
    CURLcode code = transfer_prepare(t, &r);
    const char *problem = code != CURLE_OK ? curl_easy_strerror(code) : launch(L, e, t);
    if (problem == NULL)
        return 1;
    transfer_release(t);
    return push_error(L, e->closed ? FAILURE_CANCELLED : FAILURE_NETWORK, problem);
}

/* engine:step(seconds?) -> array of transfers | nil. A step that takes longer leaves the rest for
 * the next one, except where curl polls the sockets itself: that moves everything. */
static int step(lua_State *L) {
    engine *e = check_engine(L);
    double seconds = luaL_optnumber(L, 2, POLLER_NEVER);
    luaL_argcheck(L, seconds >= 0, 2, "must be a number of seconds");
    lua_settop(L, 1);
    engine_run(e, clock_seconds() + seconds);
    int count = e->finished.count;
    if (count == 0) {
        lua_pushnil(L);
        return 1;
    }
    /* Nothing below this allocates, so that no transfer gets lost. */
    lua_createtable(L, count, 0);
    hubspot_getuservalue(L, 1);
    for (int i = 1; i <= count && e->finished.first != NULL; i++) {
        int anchor = e->finished.first->in_engine.anchor;
        lua_rawgeti(L, 3, anchor);
        lua_rawseti(L, 2, i);
        luaL_unref(L, 3, anchor);
        engine_take_finished(e);
    }
    lua_settop(L, 2);
    return 1;
}

/* engine:timeout() -> seconds | nil */
static int timeout(lua_State *L) {
    double left = engine_time_left(check_engine(L));
    if (left == POLLER_NEVER)
        lua_pushnil(L);
    else
        lua_pushnumber(L, left);
    return 1;
}

/* engine:fd() -> descriptor | nil */
static int fd(lua_State *L) {
    engine *e = check_engine(L);
    const char *problem = e->closed || !poller_has_descriptor ? NULL : engine_start(e);
    if (problem != NULL)
        return luaL_error(L, "engine:fd: %s", problem);
    if (e->poller.descriptor < 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, e->poller.descriptor);
    return 1;
}

/* engine:wait(seconds?) */
static int wait_for_run(lua_State *L) {
    engine *e = check_engine(L);
    engine_wait(e, luaL_optnumber(L, 2, POLLER_NEVER));
    return 0;
}

/* engine:pending() -> number of transfers in flight */
static int pending(lua_State *L) {
    lua_pushinteger(L, check_engine(L)->in_flight.count);
    return 1;
}

/* engine:cancel(transfer) */
static int cancel(lua_State *L) {
    engine *e = check_engine(L);
    transfer *t = luaL_checkudata(L, 2, TRANSFER_TYPE);
    luaL_argcheck(L, t->in_engine.list == NULL || t->in_engine.engine == e, 2,
                  "belongs to another engine");
    engine_cancel(t);
    return 0;
}

/* engine:close() */
static int close_engine(lua_State *L) {
    engine_close(check_engine(L));
    return 0;
}

static int free_engine(lua_State *L) {
    engine_free(check_engine(L));
    return 0;
}

static int engine_tostring(lua_State *L) {
    const engine *e = check_engine(L);
    if (e->closed)
        lua_pushfstring(L, "%s (closed)", ENGINE_TYPE);
    else
        lua_pushfstring(L, "%s (%d in flight)", ENGINE_TYPE, e->in_flight.count);
    return 1;
}

static void register_engines(lua_State *L) {
    static const luaL_Reg methods[] = {
        {"add", add},         {"step", step},         {"timeout", timeout},    {"fd", fd},
        {"pending", pending}, {"wait", wait_for_run}, {"close", close_engine}, {"cancel", cancel},
        {NULL, NULL}};
    static const luaL_Reg metamethods[] = {{"__gc", free_engine},
                                           {"__close", close_engine},
                                           {"__tostring", engine_tostring},
                                           {NULL, NULL}};
    hubspot_newtype(L, ENGINE_TYPE, methods, metamethods);
}

/* libcurl() -> a table with its version, and the file of certificates that it was built to trust */
static int describe_libcurl(lua_State *L) {
    lua_newtable(L);
    lua_pushstring(L, curl_version());
    lua_setfield(L, -2, "version");
#if LIBCURL_VERSION_NUM >= 0x074600
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    if (info->age >= CURLVERSION_SEVENTH && info->cainfo) {
        lua_pushstring(L, info->cainfo);
        lua_setfield(L, -2, "ca_file");
    }
#endif
    return 1;
}

/* require "hubspot.engine" -> a table with new and libcurl */
int luaopen_hubspot_engine(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"new", new_engine}, {"libcurl", describe_libcurl}, {NULL, NULL}};
    resident_stay();
    register_transfers(L);
    register_engines(L);
    lua_newtable(L);
    hubspot_setfuncs(L, functions);
    return 1;
}
