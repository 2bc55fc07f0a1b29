--- The page of a sandbox server, `GET /_sandbox/`: one document that loads nothing, and asks the endpoints beside it.
local core = require "hubspot.core"

local page = {}

-- In the order in which a browser reads them.
local SCRIPTS = { "common", "requests", "request_detail", "records", "record_detail", "lists", "portal", "tabs" }

local function template()
  local scripts = {}
  for index, name in ipairs(SCRIPTS) do
    scripts[index] = require("hubspot.sandbox.page." .. name)
  end
  local parts = {
    style = require "hubspot.sandbox.page.style",
    script = '"use strict";\n' .. table.concat(scripts, "\n"),
  }
  return (require("hubspot.sandbox.page.document"):gsub("{{(%l+)}}", parts))
end

local cached

local function new_nonce() return string.format("%013.0f%013.0f", core.random() * 1e13, core.random() * 1e13) end

--- The answer to `GET /_sandbox/`. Its policy lets the browser run this document's own script, and nothing else.
function page.answer()
  cached = cached or template()
  local nonce = new_nonce()
  return {
    status = 200,
    headers = {
      ["content-type"] = "text/html; charset=utf-8",
      ["cache-control"] = "no-store",
      ["referrer-policy"] = "no-referrer",
      ["x-content-type-options"] = "nosniff",
      ["content-security-policy"] = "default-src 'none'; script-src 'nonce-"
        .. nonce
        .. "'; style-src 'nonce-"
        .. nonce
        .. "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
    body = (cached:gsub("%[nonce%]", nonce)),
  }
end

return page
