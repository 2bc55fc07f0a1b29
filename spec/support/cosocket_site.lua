-- An nginx that makes calls over its own sockets, as it is told to.
--
--   local site = cosocket_site.start()             -- or with directives of its http block
--   cosocket_site.run(site, "return get(client { base_url = … })")
--   site:stop()

local core = require "hubspot.core"
local http = require "socket.http"
local ltn12 = require "ltn12"
local nginx = require "spec.support.nginx"

local cosocket_site = {}

-- nginx runs the Lua that it is sent. `client(options)` makes a client; `get` and `create` make calls and return their
-- results as a table.
local SITE = [[
  client_body_buffer_size 1m;
  location / { content_by_lua_block {
    local core, hubspot = require "hubspot.core", require "hubspot"
    function client(options)
      options.token, options.limiter = options.token or "any-token", options.limiter or false
      return hubspot.new(options)
    end
    function outcome(value, err)
      if not err then return type(value) == "table" and { id = value.id } or { value = value } end
      return { kind = err.kind, message = err.message, sent = err.sent, ambiguous = err.ambiguous,
        attempts = err.attempts, hint = err.hint, status = err.status }
    end
    function get(of, options) return outcome(of.contacts:get("1", options)) end
    function create(of, options) return outcome(of.contacts:create({ email = "ada@example.org" }, options)) end
    ngx.req.read_body()
    ngx.print(core.encode(assert(loadstring(ngx.req.get_body_data()))()))
  } }
]]

--- Starts one.
function cosocket_site.start(directives) return nginx.start { server = SITE, http = directives } end

--- Runs a source in a site, and gives what it returns.
function cosocket_site.run(which, source)
  local parts = {}
  local answered, status = http.request {
    url = which.url .. "/",
    method = "POST",
    source = ltn12.source.string(source),
    headers = { ["content-length"] = tostring(#source) },
    sink = ltn12.sink.table(parts),
  }
  assert(answered, status)
  assert(status == 200, which:error_log():sub(-2000))
  return core.decode(table.concat(parts))
end

return cosocket_site
