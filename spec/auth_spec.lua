local auth = require "hubspot.auth"
local errors = require "hubspot.error"

local TOKEN = "pat-na1-5fd5b1c4-0000-4a3c-9f1e-2d1c1f7f0a11"

describe("auth.new", function()
  it("gives the token that it was given", function()
    local source = assert(auth.new(TOKEN))
    assert.equal(TOKEN, source:token())
    assert.is_nil(source.renewed)
    assert.equal(assert(auth.new(TOKEN)):key(), source:key())
    assert.not_equal(assert(auth.new "another-token"):key(), source:key())
  end)

  it("asks a function each time", function()
    local count = 0
    local source = assert(auth.new(function()
      count = count + 1
      return "token-" .. count
    end))
    assert.same({ "token-1", "token-2" }, { source:token(), source:token() })
    assert.equal("token-3", source:renewed(nil, nil, "token-2"))
    assert.is_nil(assert(auth.new(function() return TOKEN end)):renewed(nil, nil, TOKEN))
    assert.not_equal(assert(auth.new(function() end)):key(), source:key())
  end)

  it("gives an error where the function has no token, with its reason", function()
    local cases = {
      { function() return nil, "the vault is sealed" end, "no token: the vault is sealed" },
      { function() return nil end, "no token: the token function returned nil" },
      { function() return "" end, "no token: the token function returned an empty string" },
      { function() return 5 end, "no token: the token function returned a number instead of a string" },
      {
        function() return "two\nlines" end,
        "no token: the token function returned a string with a space or line break in it",
      },
    }
    for _, case in ipairs(cases) do
      local token, err = assert(auth.new(case[1])).token()
      assert.is_nil(token)
      assert.same({ "auth", case[2] }, { err.kind, err.message })
    end
  end)

  it("gives the function's own error as it is", function()
    local failure = errors.new { kind = "network", message = "the token server is away" }
    local token, err = assert(auth.new(function() return nil, failure end)).token()
    assert.is_nil(token)
    assert.equal(failure, err)
  end)

  it("lets what the function throws pass", function()
    local source = assert(auth.new(function() error("broken", 0) end))
    assert.has_error(source.token, "broken")
  end)

  it("refuses what is no token, and does not show it", function()
    for _, case in ipairs {
      { "", "an empty string" },
      { {}, "a table instead of a string" },
      { 42, "a number instead of a string" },
      { true, "a boolean instead of a string" },
      { "secret-token\n", "a space or line break" },
      { "secret token", "a space or line break" },
      { "Bearer secret-token", 'begins with "Bearer": pass what comes after it' },
      { "secret-token\0", "a space or line break" },
      { '"secret-token"', "a string with quotation marks: pass what is between them" },
      { "'secret-token'", "a string with quotation marks: pass what is between them" },
      { "secret-…", "a string with a character that is not ASCII: copy the token again" },
    } do
      local source, message = auth.new(case[1])
      assert.is_nil(source)
      assert.truthy(message:find("token is " .. (case[2]:find "^a space" and "a string with " or ""), 1, true), message)
      assert.truthy(message:find(case[2], 1, true), message)
      assert.is_nil(message:find("secret", 1, true))
      assert.truthy(message:find("hubspot-lua sandbox", 1, true))
    end
  end)

  it("tells how to get a token where there is none", function()
    local source, message = auth.new(nil)
    assert.is_nil(source)
    for _, words in ipairs {
      "service key",
      "Settings > Integrations > Service Keys",
      "HUBSPOT_TOKEN",
      "hubspot-lua sandbox",
      "base_url",
    } do
      assert.truthy(message:find(words, 1, true), words)
    end
  end)

  it("needs none where a transport of one's own may do without", function()
    local source = assert(auth.new(nil, true))
    assert.is_nil((source:token()))
    assert.is_nil(select(2, source:token()))
    assert.not_equal(assert(auth.new(nil, true)):key(), source:key())
  end)

  it("fails when a token is needed after all by a client that has a developer key", function()
    local token, err = assert(auth.new(nil, false, true)).token()
    assert.is_nil(token)
    assert.equal("auth", err.kind)
    assert.truthy(tostring(err):find("service key", 1, true))
  end)
end)

describe("a function that gives tokens", function()
  it("is asked for another one than was refused", function()
    local tokens = { "the-first-token", "the-second-token" }
    local source = assert(auth.new(function() return table.remove(tokens, 1) end))
    assert.equal("the-first-token", source:token())
    assert.equal("the-second-token", source:renewed(nil, nil, "the-first-token"))
  end)

  it("has no other one, or tells why not", function()
    local same = assert(auth.new(function() return "the-first-token" end))
    local another, err = same:renewed(nil, nil, "the-first-token")
    assert.is_nil(another)
    assert.is_nil(err)
    local sealed = assert(auth.new(function() return nil, "the vault is sealed" end))
    another, err = sealed:renewed(nil, nil, "the-first-token")
    assert.is_nil(another)
    assert.equal("auth", err.kind)
    assert.equal("no token: the vault is sealed", err.message)
  end)

  it("tells in a call's error why there is no other token", function()
    local tokens = { "the-first-token" }
    local client = require("hubspot").new {
      limiter = false,
      retry = false,
      token = function()
        local token = table.remove(tokens)
        if token then return token end
        return nil, "the vault is sealed"
      end,
      transport = function() return { status = 401, headers = {}, body = '{"message":"expired"}' } end,
    }
    local _, err = client.contacts:get(1)
    assert.same(
      { "auth", "no token: the vault is sealed", false, "/crm/objects/2026-09/contacts/1" },
      { err.kind, err.message, err.sent, err.path }
    )
    assert.is_nil(err.status)
  end)
end)
