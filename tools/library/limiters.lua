-- Limiters.

local FALLBACK =
  { "fallback?", "boolean", "true keeps to the quota in this process alone while the limiter can't be reached" }
local NAME = { "name?", "string", 'of the account: those with one name share one quota; `"default"` when left out' }

local function new(summary, options)
  return {
    name = ".new",
    summary = summary,
    parameters = { { "options", options, "" } },
    returns = { { "hubspot.Limiter" } },
  }
end

return {
  title = "Limiters",
  guide = "limits-and-retries",
  text = [[
A limiter keeps a client within HubSpot's quota: 100 requests in 10 seconds until an answer says what the account has, and
5 searches a second. Associations of many records, their labels and limits, which HubSpot exempts from that quota, have 100
in 10 seconds of their own. A client that is given none has one in its process, shared by all clients with its token. Processes
that share a token share one of the limiters below. None of them holds the token. Where one can't be reached calls return
an error; with `fallback = true` each process keeps to the quota alone until it is back.]],
  classes = {
    {
      class = "hubspot.Limiter",
      text = 'Made by one of these modules, or a table of your own with these functions. `bucket` is `"general"`, `"search"` or `"exempt"`.',
      fields = {
        {
          "acquire",
          "fun(bucket: string, patience: number, ticket: any): number?, any",
          "takes a permit and returns 0; or seconds to wait and a ticket to ask with again; or nil and a message",
        },
        { "observe", "fun(bucket: string, headers: table<string, string>)", "learns from an answer's headers" },
        { "refused", "fun(bucket: string, seconds: number)", "closes a bucket after a 429" },
      },
    },
    {
      class = "hubspot.RedisOptions",
      text = "One of the two is needed.",
      fields = {
        { "connect?", "fun(): any", "makes a connection, of lua-redis for example" },
        { "client?", "any", "a connection, or a function that sends a command" },
      },
    },
    {
      class = "hubspot.FileLimiterOptions",
      fields = { { "path", "string", "of a file that only these processes may write" }, FALLBACK },
    },
    {
      class = "hubspot.NginxLimiterOptions",
      fields = { { "dict", "string", "name of the `lua_shared_dict`" }, NAME, FALLBACK },
    },
    { class = "hubspot.RedisLimiterOptions", parent = "hubspot.RedisOptions", fields = { NAME, FALLBACK } },
  },
  modules = {
    {
      name = "hubspot.limiter.memory",
      functions = {
        {
          name = ".new",
          summary = "A limiter in this process, with buckets of its own.",
          parameters = { { "clock?", "fun(): number", "seconds of a clock that never goes back" } },
          returns = { { "hubspot.Limiter" } },
        },
        {
          name = ".shared",
          summary = "The limiter of a token in this process: what a client has that is given no other.",
          parameters = { { "key", "any", "the token, or what stands for it" } },
          returns = { { "hubspot.Limiter" } },
        },
      },
    },
    {
      name = "hubspot.limiter.file",
      functions = {
        new(
          "A limiter for the processes of one machine: its buckets live in a locked file.",
          "hubspot.FileLimiterOptions"
        ),
        {
          name = ".check",
          summary = "Tells whether a limiter can use a file, which is made where there is none.",
          parameters = { { "path", "string", "" } },
          returns = { { "boolean?", "true; or nil and a message" }, { "string?" } },
        },
      },
    },
    {
      name = "hubspot.limiter.nginx",
      functions = {
        new(
          "A limiter for the workers of one nginx: its buckets live in a shared dictionary.",
          "hubspot.NginxLimiterOptions"
        ),
      },
    },
    {
      name = "hubspot.limiter.redis",
      functions = {
        new(
          "A limiter for several machines: its buckets live in Redis 5 or later, or Valkey.",
          "hubspot.RedisLimiterOptions"
        ),
      },
    },
  },
}
