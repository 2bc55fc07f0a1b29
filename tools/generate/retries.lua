-- The page of the reference that says which requests are sent again.

local declarations = require "tools.declarations"
local operation_text = require "tools.generate.operation_text"

local retries = {}

local FAILURES = {
  { "nothing was sent (no connection, no such host, a proxy that refuses)", "always", "a random time" },
  { "429 of a limit by seconds, 423, 477", "always: HubSpot refused it", "what HubSpot asks for" },
  { "429 of the daily limit", "no: it would be refused until midnight", "" },
  { "401", "once, with another token, where OAuth or the token function gives one", "at once" },
  {
    "500, 502, 503, 504, 520 to 526, no answer in time, a connection that broke",
    "as the table below says: it may have been carried out",
    "what HubSpot asks for, or a random time",
  },
  { "any other", "no", "" },
}

local ABOUT_WAITS = [[
A random time is one below a bound that begins with `retry.base_delay` and doubles up to `retry.max_delay`. It also comes
on top of what HubSpot asks for (`Retry-After`). A wait that would end after the deadline is not begun: the call ends with
what HubSpot answered. A client's `retry.budget` bounds what failures cost, refusals not counted: each repeat takes one,
each success gives back a tenth, or a whole one where it had to be repeated. Where none is left, as in an outage, calls
fail after one attempt.

Where a request that is not a read fails for good and one of its attempts may have been carried out, the error has
`ambiguous = true`, and its text says what to do. A row of a batch has it from its request.]]

local function request_rows()
  local rows = {}
  for _, one in ipairs(declarations.all()) do
    for _, route in ipairs(one.routes) do
      for _, request in ipairs(route.requests) do
        rows[#rows + 1] = {
          ("[`%s`](%s.md#%s)"):format(one.label, one.resource, one.label:gsub(":", "")),
          operation_text.ROUTE_TITLES[route.name],
          ("%s `%s`"):format(request.method, request.path),
          operation_text.repeated(request),
        }
      end
    end
  end
  rows[#rows + 1] = { "`client:request`", "", "GET, HEAD, POST to `/search` or `/batch/read`", "yes, it only reads" }
  rows[#rows + 1] = { "`client:request`", "", "PUT, DELETE", "yes, unless `idempotent = false`" }
  rows[#rows + 1] = { "`client:request`", "", "POST, PATCH", "no, unless `idempotent = true`" }
  return rows
end

--- The page's text, on a page that has its title.
function retries.text(out)
  out:paragraph "A request that fails is sent again by itself, up to `retry.max_attempts` times in all and within the call's `deadline`."
  out:paragraph "Guide: [limits and retries](../guide/limits-and-retries.md)."
  out:add("## By failure"):add ""
  out:table({ "failure", "sent again", "after" }, FAILURES)
  out:paragraph(ABOUT_WAITS)
  out:add("## By request"):add ""
  out:table({ "method", "route", "request", "may have been carried out: sent again?" }, request_rows())
  return out:text()
end

return retries
