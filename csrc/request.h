/* A request, as the program describes it in a table. */
#ifndef HUBSPOT_REQUEST_H
#define HUBSPOT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

/* Its texts belong to Lua and end with a NUL; none but the body holds one. */
typedef struct request {
    const char *method;
    const char *url;
    const char *authority; /* in the URL: host and port, without user and password */
    size_t authority_length;
    const char *body; /* NULL: none */
    size_t body_length;
    const char *proxy; /* NULL, like the next two: curl's default */
    const char *ca_file;
    const char *user_agent;
    const char *const *header_lines; /* as curl takes them */
    size_t header_count;
    bool has_content_type;
    bool send_once;
    long timeout; /* milliseconds, like the next one; 0: none */
    long connect_timeout;
    size_t max_response_bytes;
} request;

struct lua_State;

void request_read(struct lua_State *L, int index, request *r);

#pragma GCC visibility pop

#endif
