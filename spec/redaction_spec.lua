-- Secrets in what servers and proxies quote, however they spell them.

local base64 = require "hubspot.base64"
local core = require "hubspot.core"
local hubspot = require "hubspot"
local redaction = require "hubspot.redaction"
local sandbox = require "spec.support.sandbox"
local script = require "spec.support.script"
local wire = require "spec.support.wire"

local TOKEN = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11"
local ODD = 'CPiB/h3jM+x=a.b~c%d&e<f>g"h\\i_0000'

local function every_character(form)
  return function(text)
    return (text:gsub(".", function(character) return form:format(character:byte()) end))
  end
end

local function then_again(first, second)
  return function(text) return second(first(text)) end
end

local function in_json(text) return (core.encode(text):sub(2, -2)) end

local function basic(before, behind)
  return function(text) return "Basic " .. base64.encode(before .. text .. behind) end
end

local SPELLINGS = {
  { "as it is", function(text) return text end },
  { "as JSON", in_json },
  { "as JSON with escaped slashes", function(text) return (in_json(text):gsub("/", "\\/")) end },
  { "as JSON with every character escaped", every_character "\\u%04x" },
  { "as JSON with every character escaped in capitals", every_character "\\u%04X" },
  { "as JSON in JSON", then_again(every_character "\\u%04x", in_json) },
  { "as a URL", core.escape },
  { "as a URL with every character escaped", every_character "%%%02x" },
  { "as a URL with every character escaped twice", every_character "%%25%02X" },
  { "as HTML", every_character "&#%d;" },
  { "as HTML with leading zeros", every_character "&#%05d;" },
  { "as HTML in hexadecimals", every_character "&#x%x;" },
  { "as HTML of HTML", every_character "&amp;#X%X;" },
  { "as a URL in JSON", every_character "\\u0025%02x" },
  { "in base64", basic("", "") },
  { "in base64, behind one byte", basic("x", "") },
  { "in base64, behind two bytes", basic("xy", "z") },
  { "in base64 with its scheme", basic("Bearer ", "") },
  {
    "in base64 of URLs",
    function(text) return (base64.encode("xy" .. text):gsub("%+", "-"):gsub("/", "_"):gsub("=", "")) end,
  },
  { "in base64 in a URL", then_again(basic("", ":x"), core.escape) },
}

local function assert_hidden(text, secret, label)
  assert.is_nil(text:find(secret, 1, true), label)
  -- Nor any part of it that would be worth something.
  assert.is_nil(text:find(secret:sub(9, 20), 1, true), label)
end

describe("redaction.of_text", function()
  it("takes a secret out, as often as it is there", function()
    assert.equal("Bearer [token], [token]!", redaction.of_text("Bearer " .. TOKEN .. ", " .. TOKEN .. "!", { TOKEN }))
    assert.equal("nothing", redaction.of_text("nothing", { TOKEN }))
  end)

  it("takes it literally", function()
    local token = "a.b-c+d%e/f=g(h)[i]^j$"
    assert.equal("<[token]>", redaction.of_text("<" .. token .. ">", { token }))
    assert.equal("<axb-c+d%e/f=g(h)[i]^j$>", redaction.of_text("<axb-c+d%e/f=g(h)[i]^j$>", { token }))
    assert.equal("<[token]>", redaction.of_text("<" .. token:gsub("/", "\\/") .. ">", { token }))
  end)

  it("leaves text alone where there is no secret, or one too short to be one", function()
    assert.equal("x marks", redaction.of_text("x marks", {}))
    assert.equal("x marks", redaction.of_text("x marks", { "x" }))
    local spelled = '{"message":"\\u0041 50 %25 &amp; a\\/b","x":"QmVhcmVy"}'
    assert.equal(spelled, redaction.of_text(spelled, { TOKEN }))
  end)

  for _, spelling in ipairs(SPELLINGS) do
    it("takes it out " .. spelling[1], function()
      for _, secret in ipairs { TOKEN, ODD } do
        local spelled = spelling[2](secret)
        local shown = redaction.of_text("before " .. spelled .. " behind " .. spelled .. ".", { secret })
        assert.truthy(shown:find "^before [^%z]*%[token%][^%z]* behind [^%z]*%[token%][^%z]*%.$", shown)
        assert.is_nil(shown:find(spelled:sub(-12), 1, true), shown)
        assert_hidden(shown, secret, shown)
      end
    end)
  end

  it("takes all of the base64 around it out", function()
    local shown = redaction.of_text("x: " .. base64.encode("user:" .. TOKEN .. ":more") .. " y", { TOKEN })
    assert.equal("x: [token] y", shown)
  end)

  it("leaves JSON what it is", function()
    local spelled = TOKEN:gsub(".", function(character) return ("\\u%04x"):format(character:byte()) end)
    local text = '{"a":"\\"x\\u0022 ' .. spelled .. ' \\\\ \\n","b":1}'
    local decoded = core.decode(redaction.of_text(text, { TOKEN }))
    assert.same({ a = '"x" [token] \\ \n', b = 1 }, decoded)
  end)

  it("takes no longer than in proportion to the text", function()
    for _, piece in ipairs { "\\", "&#x0", "&#0", "%2", "&a", "QmVhcmVy", "\\u00", TOKEN:sub(1, -2) } do
      local text = piece:rep(200000)
      assert.equal(text, redaction.of_text(text, { TOKEN }))
    end
  end)
end)

describe("redaction.of_value", function()
  local function redact(text) return redaction.of_text(text, { TOKEN }) end

  it("takes a secret out of values and keys, at any depth", function()
    local value = { [TOKEN] = 1, list = { { ["x " .. TOKEN] = TOKEN } }, kept = "kept", [3] = true }
    assert.same(
      { ["[token]"] = 1, list = { { ["x [token]"] = "[token]" } }, kept = "kept", [3] = true },
      redaction.of_value(value, redact)
    )
  end)
end)

describe("an error's text", function()
  local server

  setup(function() server = sandbox.start {} end)
  teardown(function() server:stop() end)
  before_each(function() server:clear_faults() end)

  local function hides(value, secret, label)
    if type(value) == "string" then assert_hidden(value, secret, label) end
    if type(value) ~= "table" then return end
    for key, item in pairs(value) do
      hides(key, secret, label)
      hides(item, secret, label)
    end
  end

  for _, spelling in ipairs(SPELLINGS) do
    it("shows no token that the server quotes " .. spelling[1], function()
      local client = wire.client(server, { token = TOKEN, retry = false })
      local spelled = spelling[2](TOKEN)
      for _, body in ipairs {
        '{"message":"bad ' .. spelled .. '"}',
        '{"message":"x","errors":[{"message":"y","context":{"' .. spelled .. '":["' .. spelled .. '"]}}]}',
        "<html><title>" .. spelled .. "</title></html>",
        ("x"):rep(4096 - 16) .. spelled,
      } do
        server:fault { kind = "status", status = 403, body = body }
        local contact, err = client.contacts:get(1)
        assert.is_nil(contact)
        assert.equal(403, err.status)
        hides(err, TOKEN, body)
        assert_hidden(tostring(err), TOKEN, body)
      end
      client:close()
    end)
  end

  it("shows nothing of a proxy of the environment that libcurl can't read", function()
    local code = [[local client = require("hubspot").new { token = "any-token", retry = false, connect_timeout = 2 }
      local _, err = client.contacts:get(1)
      io.write(tostring(err), " ", require("hubspot.core").encode { err.message, err.hint })]]
    for _, proxy in ipairs {
      "user:hunter2 hunter2@127.0.0.1:1",
      "http://user:hunter2@127.0.0.1:port",
      "user:hunter2",
      "foo://user:hunter2@127.0.0.1:1",
      [[http://us'er:hun"ter2'hunter2@127.0.0.1:port]],
      "http://user:hunter2@127.0.0.1:port/" .. ("x"):rep(300),
      "http://:hunter2@/",
    } do
      for _, name in ipairs { "https_proxy", "HTTPS_PROXY", "all_proxy" } do
        local printed = script.run({ "-e", code }, { [name] = proxy }).out
        assert.truthy(printed:find("proxy", 1, true), printed)
        assert.is_nil(printed:find("ter2", 1, true), printed)
      end
    end
  end)

  it("shows no token in what a transport throws back as a table", function()
    local client = hubspot.new {
      token = TOKEN,
      limiter = false,
      retry = false,
      transport = function(request) return nil, { kind = "network", message = "no " .. request.headers.authorization } end,
    }
    local _, err = client.contacts:get(1)
    assert.equal("no Bearer [token]", err.message)
  end)
end)
