-- Signatures of requests, computed independently by the command `openssl`.

local hubspot = require "hubspot"
local misuse = require "spec.support.misuse"

local SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
local URL = "https://www.example.com/webhook_uri"
local BODY = '{"example_field":"example_value"}'
local NOW = 1707926838792

local function openssl(text, arguments, pipeline)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  local pipe = assert(io.popen(("openssl dgst -sha256 %s <%s %s"):format(arguments, path, pipeline or "")))
  local output = pipe:read "*a"
  pipe:close()
  os.remove(path)
  return output
end

local function sha256_hex(text) return assert(openssl(text, "-r"):match "^%x+") end

local function hmac_base64(key, text)
  local hex = key:gsub(".", function(char) return ("%02x"):format(char:byte()) end)
  local output = openssl(text, ("-mac HMAC -macopt hexkey:%s -binary"):format(hex), "| openssl base64 -A")
  assert(#output == 44, output)
  return output
end

-- A request with a signature of v3. `changes` are made after signing.
local function signed_v3(changes, source)
  source = source or "POST" .. URL .. BODY .. "1707926838792"
  local request = {
    client_secret = SECRET,
    method = "POST",
    url = URL,
    body = BODY,
    now = NOW,
    headers = {
      ["X-HubSpot-Signature-v3"] = hmac_base64(SECRET, source),
      ["X-HubSpot-Request-Timestamp"] = "1707926838792",
    },
  }
  for name, value in pairs(changes or {}) do
    request[name] = value
  end
  return request
end

local function signed(version, source, changes)
  local request = {
    client_secret = SECRET,
    method = "POST",
    url = URL,
    body = BODY,
    now = NOW,
    headers = { ["X-HubSpot-Signature"] = sha256_hex(source), ["X-HubSpot-Signature-Version"] = version },
  }
  for name, value in pairs(changes or {}) do
    request[name] = value
  end
  return request
end

local function accepts(request)
  local verified, err = hubspot.verify_request(request)
  assert.is_true(verified, tostring(err))
  assert.is_nil(err)
end

local function refuses(reason, request)
  local verified, err = hubspot.verify_request(request)
  assert.is_nil(verified)
  assert.equal("signature", err.kind)
  assert.equal(reason, err.reason)
  assert.is_nil(tostring(err):find(SECRET, 1, true))
  return err
end

describe("hubspot.verify_request", function()
  describe("v3", function()
    it("accepts what the client secret signed", function() accepts(signed_v3()) end)

    it("takes header names in any case", function()
      local request = signed_v3()
      local headers = {}
      for name, value in pairs(request.headers) do
        headers[name:lower()] = value
      end
      request.headers = headers
      accepts(request)
      headers = {}
      for name, value in pairs(request.headers) do
        headers[name:upper()] = value
      end
      request.headers = headers
      accepts(request)
    end)

    it("hashes bytes, and none where there is no body", function()
      local body = "\0\r\n\255" .. ("é"):rep(5000)
      accepts(signed_v3({ body = body }, "POST" .. URL .. body .. "1707926838792"))
      local request = signed_v3({ method = "GET" }, "GET" .. URL .. "1707926838792")
      request.body = nil
      accepts(request)
    end)

    it("takes a secret of any length", function()
      for _, length in ipairs { 1, 63, 64, 65, 200 } do
        local secret = ("s\233"):rep(length):sub(1, length)
        local request = signed_v3 { client_secret = secret }
        request.headers["X-HubSpot-Signature-v3"] = hmac_base64(secret, "POST" .. URL .. BODY .. "1707926838792")
        accepts(request)
      end
    end)

    it("refuses what differs anywhere", function()
      for name, value in pairs { client_secret = "another", method = "PUT", url = URL .. "/", body = BODY .. " " } do
        refuses("mismatch", signed_v3 { [name] = value })
      end
      local request = signed_v3()
      local right = request.headers["X-HubSpot-Signature-v3"]
      for index = 1, #right do
        local wrong = right:sub(index, index) == "A" and "B" or "A"
        request.headers["X-HubSpot-Signature-v3"] = right:sub(1, index - 1) .. wrong .. right:sub(index + 1)
        refuses("mismatch", request)
      end
      for _, wrong in ipairs { "", right:sub(1, -2), right .. "=", right .. right } do
        request.headers["X-HubSpot-Signature-v3"] = wrong
        refuses("mismatch", request)
      end
    end)

    it("refuses another timestamp than the one that was signed", function()
      local request = signed_v3()
      request.headers["X-HubSpot-Request-Timestamp"] = "1707926838793"
      refuses("mismatch", request)
    end)

    it("decodes what HubSpot's description names, and nothing else", function()
      local received = URL .. "?q=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B%3a%2f&r=%20%25%26%3D%23%2B%C3%A9"
      local described = URL .. "?q=:/?@!$'()*,;:/&r=%20%25%26%3D%23%2B%C3%A9"
      accepts(signed_v3({ url = received }, "POST" .. described .. BODY .. "1707926838792"))
      local too_much = described:gsub("%%20", " ")
      refuses("mismatch", signed_v3({ url = received }, "POST" .. too_much .. BODY .. "1707926838792"))
      -- "%2540" is an encoded "%40", which was never an "@".
      local twice = URL .. "?q=%2540"
      refuses("mismatch", signed_v3({ url = twice }, "POST" .. URL .. "?q=@" .. BODY .. "1707926838792"))
    end)

    it("takes the URL as it came, too", function()
      local received = URL .. "?email=a%40example.org"
      accepts(signed_v3({ url = received }, "POST" .. received .. BODY .. "1707926838792"))
    end)

    it("says where a body was left out, instead of calling the request forged", function()
      for name, value in pairs { ["Content-Length"] = tostring(#BODY), ["transfer-encoding"] = "chunked" } do
        for _, body in ipairs { "", false } do
          local request = signed_v3()
          request.headers[name], request.body = value, body or nil
          local err = refuses("missing_body", request)
          assert.truthy(tostring(err):find("ngx.req.get_body_file", 1, true))
          assert.is_nil(tostring(err):find("forged", 1, true))
        end
      end
      local request = signed_v3({ method = "GET" }, "GET" .. URL .. "1707926838792")
      request.headers["content-length"], request.body = "0", nil
      accepts(request)
    end)

    it("holds for five minutes", function()
      accepts(signed_v3 { now = NOW + 300000 })
      local late = refuses("too_old", signed_v3 { now = NOW + 300001 })
      assert.truthy(tostring(late):find("Check this machine's clock", 1, true))
      accepts(signed_v3 { now = NOW - 300000 })
      local err = refuses("too_new", signed_v3 { now = NOW - 300001 })
      assert.truthy(tostring(err):find("2024-02-14T16:07:18.792Z", 1, true))
      accepts(signed_v3 { now = "2024-02-14T16:07:18Z" })
    end)

    it("goes by the system's time", function()
      local request = signed_v3()
      request.now = nil
      refuses("too_old", request)
      local timestamp = ("%d000"):format(os.time())
      request = signed_v3({}, "POST" .. URL .. BODY .. timestamp)
      request.now = nil
      request.headers["X-HubSpot-Request-Timestamp"] = timestamp
      accepts(request)
    end)

    it("refuses a timestamp that is not a number of milliseconds", function()
      for _, timestamp in ipairs {
        "",
        "1707926838792.0",
        "1.707926838792e12",
        "-1707926838792",
        " 1707926838792",
        "1707926838792\n",
        "0x18DA8F0D2C8",
        "now",
        "nan",
        "inf",
        ("1"):rep(400),
        "1707926838792\0",
      } do
        local request = signed_v3({}, "POST" .. URL .. BODY .. timestamp)
        request.headers["X-HubSpot-Request-Timestamp"] = timestamp
        refuses("bad_timestamp", request)
      end
    end)

    it("takes seconds for a time long ago", function()
      local request = signed_v3({}, "POST" .. URL .. BODY .. "1707926838")
      request.headers["X-HubSpot-Request-Timestamp"] = "1707926838"
      refuses("too_old", request)
    end)
  end)

  describe("v2", function()
    it("accepts HubSpot's own examples", function()
      accepts(signed("v2", "", {
        headers = {
          ["X-HubSpot-Signature"] = "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
          ["X-HubSpot-Signature-Version"] = "v2",
        },
      }))
      accepts(signed("v2", "", {
        method = "GET",
        body = "",
        headers = {
          ["X-HubSpot-Signature"] = "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
          ["X-HubSpot-Signature-Version"] = "v2",
        },
      }))
    end)

    it("hashes the URL as it came", function()
      local url = URL .. "?email=a%40example.org"
      accepts(signed("v2", SECRET .. "POST" .. url .. BODY, { url = url }))
      refuses("mismatch", signed("v2", SECRET .. "POST" .. URL .. "?email=a@example.org" .. BODY, { url = url }))
    end)

    it("refuses what differs anywhere", function()
      for name, value in pairs { client_secret = "another", method = "PUT", url = URL .. "/", body = BODY .. " " } do
        refuses("mismatch", signed("v2", SECRET .. "POST" .. URL .. BODY, { [name] = value }))
      end
      refuses("mismatch", signed("v2", SECRET .. BODY))
    end)
  end)

  describe("v1", function()
    it(
      "accepts HubSpot's own example",
      function()
        accepts {
          client_secret = SECRET,
          method = "POST",
          url = URL,
          body = '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
            .. '"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM",'
            .. '"changeFlag":"NEW","appId":54321}]',
          headers = {
            ["X-HubSpot-Signature"] = "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
            ["X-HubSpot-Signature-Version"] = "v1",
          },
        }
      end
    )

    it("refuses another secret or body", function()
      accepts(signed("v1", SECRET .. BODY))
      for name, value in pairs { client_secret = "another", body = BODY .. " " } do
        refuses("mismatch", signed("v1", SECRET .. BODY, { [name] = value }))
      end
      refuses("mismatch", signed("v1", SECRET .. "POST" .. URL .. BODY))
    end)
  end)

  describe("the choice of the version", function()
    local function signed_both(changes)
      local request = signed("v1", SECRET .. BODY)
      for name, value in pairs(signed_v3().headers) do
        request.headers[name] = value
      end
      for name, value in pairs(changes) do
        request.headers[name] = value
      end
      return request
    end

    it("judges by v3 alone where it is there", function()
      accepts(signed_both { ["X-HubSpot-Signature"] = "wrong" })
      refuses("mismatch", signed_both { ["X-HubSpot-Signature-v3"] = "wrong" })
      refuses("mismatch", signed_both { ["X-HubSpot-Signature-v3"] = "" })
      local request = signed_both {}
      request.headers["X-HubSpot-Request-Timestamp"] = nil
      assert.truthy(tostring(refuses("missing_header", request)):find("X-HubSpot-Request-Timestamp", 1, true))
    end)

    it("refuses versions that are not to be accepted", function()
      local request = signed_both {}
      request.versions = { "v3" }
      accepts(request)
      request = signed("v1", SECRET .. BODY, { versions = { "v3" } })
      assert.truthy(tostring(refuses("missing_header", request)):find("X-HubSpot-Signature-v3", 1, true))
      request.versions = { "v3", "v2" }
      refuses("version_not_accepted", request)
      request.versions = { "v1" }
      accepts(request)
      -- Without v3 among the accepted versions, its header counts for nothing.
      request = signed_both { ["X-HubSpot-Signature-v3"] = "wrong" }
      request.versions = { "v1" }
      accepts(request)
      request = signed_v3 { versions = { "v1", "v2" } }
      refuses("missing_header", request)
    end)

    it("names what is missing or unknown", function()
      local request = signed("v1", SECRET .. BODY, { headers = {} })
      assert.truthy(tostring(refuses("missing_header", request)):find("X-HubSpot-Signature", 1, true))
      request.headers = { ["x-hubspot-signature"] = sha256_hex(SECRET .. BODY) }
      assert.truthy(tostring(refuses("missing_header", request)):find("X-HubSpot-Signature-Version", 1, true))
      for _, version in ipairs { "v3", "V1", "v4", "" } do
        refuses("unknown_version", signed(version, SECRET .. BODY))
      end
    end)

    it("refuses a header that is there twice", function()
      local request = signed_v3()
      request.headers["x-hubspot-signature-v3"] = request.headers["X-HubSpot-Signature-v3"]
      refuses("bad_header", request)
      request = signed_v3()
      local timestamp = request.headers["X-HubSpot-Request-Timestamp"]
      request.headers["X-HubSpot-Request-Timestamp"] = { timestamp, timestamp }
      refuses("bad_header", request)
      request.headers["X-HubSpot-Request-Timestamp"] = tonumber(timestamp)
      refuses("bad_header", request)
      request = signed("v1", SECRET .. BODY)
      request.headers["x-hubspot-signature-version"] = "v2"
      refuses("bad_header", request)
    end)
  end)

  it("throws on misuse", function()
    local function throws(expected, changes)
      local request = signed("v1", "")
      for name, value in pairs(changes) do
        request[name] = value
      end
      misuse.throws("hubspot.verify_request: " .. expected, function() hubspot.verify_request(request) end)
    end
    throws("url must be the full URL that HubSpot called, such as", { url = "/webhook_uri" })
    throws("body must be a string, got table", { body = {} })
    throws("client_secret must be a string that is not empty", { client_secret = "" })
    throws("headers must be a table", { headers = "X-HubSpot-Signature: x" })
    throws('versions[1] must be one of "v1", "v2", "v3", got 3', { versions = { 3 } })
    throws("versions must not be empty", { versions = {} })
    throws("now must be a time", { now = 1.5 })
    throws("unknown option secret", { secret = SECRET })
    throws("unknown option header; did you mean headers?", { header = {} })
    throws("crypto.sha256 is missing", { crypto = { hmac_sha256 = print } })
    misuse.throws("hubspot.verify_request: takes a table, got nil", function() hubspot.verify_request() end)
    misuse.throws(
      "hubspot.verify_request: option client_secret is missing",
      function() hubspot.verify_request { method = "POST", url = URL, headers = {} } end
    )
  end)

  it("works with functions of the user's own", function()
    local function bytes(hex)
      return (hex:gsub("%x%x", function(code) return string.char(tonumber(code, 16)) end))
    end
    local calls = {}
    local crypto = {
      sha256 = function(text)
        calls[#calls + 1] = "sha256"
        return bytes(sha256_hex(text))
      end,
      hmac_sha256 = function(key, text)
        calls[#calls + 1] = "hmac_sha256"
        local key_hex = key:gsub(".", function(char) return ("%02x"):format(char:byte()) end)
        return bytes(openssl(text, "-r -mac HMAC -macopt hexkey:" .. key_hex):match "^%x+")
      end,
    }
    accepts(signed_v3 { crypto = crypto })
    accepts(signed("v1", SECRET .. BODY, { crypto = crypto }))
    assert.are.same({ "hmac_sha256", "sha256" }, calls)
    crypto.sha256 = sha256_hex
    local succeeded, message = pcall(hubspot.verify_request, signed("v1", SECRET .. BODY, { crypto = crypto }))
    assert.is_false(succeeded)
    assert.equal("hubspot.verify_request: crypto.sha256 must return 32 bytes", message)
  end)

  it("is not loaded before it is needed", function()
    local lua = require("spec.support.sandbox").interpreter()
    local pipe = assert(
      io.popen(
        ("LUA_PATH='%s' LUA_CPATH='%s' '%s' -e '%s'"):format(
          package.path,
          package.cpath,
          lua,
          [[require "hubspot"; print(package.loaded["hubspot.signature"], package.loaded["hubspot.crypto"])]]
        )
      )
    )
    assert.equal("nil\tnil\n", pipe:read "*a")
    pipe:close()
  end)
end)

describe("hubspot.crypto", function()
  local NAMES = {
    "openssl.hmac",
    "openssl.digest",
    "resty.openssl.hmac",
    "resty.openssl.digest",
    "resty.sha256",
    "nginx.sha256",
  }
  local kept

  -- Nothing but what `given` has can be loaded.
  local function library_among(given)
    for _, name in ipairs(NAMES) do
      package.loaded[name] = nil
      package.preload[name] = function()
        if not given[name] then error(name .. " is not installed") end
        return given[name]
      end
    end
    package.loaded["hubspot.crypto"] = nil
    return require("hubspot.crypto").library()
  end

  before_each(function()
    kept = { crypto = require "hubspot.crypto" }
    for _, name in ipairs(NAMES) do
      kept[name] = package.loaded[name]
    end
  end)

  after_each(function()
    for _, name in ipairs(NAMES) do
      package.loaded[name], package.preload[name] = kept[name], nil
    end
    package.loaded["hubspot.crypto"] = kept.crypto
  end)

  local function hex(bytes)
    return (bytes:gsub(".", function(char) return ("%02x"):format(char:byte()) end))
  end

  local function is_right(library)
    assert.equal(sha256_hex "abc\0", hex(library.sha256 "abc\0"))
    local text = ("text"):rep(100)
    for _, key in ipairs { "k", ("k"):rep(64), ("k"):rep(65) } do
      assert.equal(openssl(text, "-r -hmac " .. key):match "^%x+", hex(library.hmac_sha256(key, text)))
    end
  end

  it("takes luaossl", function() is_right(assert(kept.crypto.library())) end)

  -- Its documented interface: `new` and `final` return nil and a message where luaossl's throw.
  local function resty(real, broken)
    return {
      new = function(...)
        if broken == "new" then return nil, "no such digest" end
        local state = real.new(...)
        return {
          final = function(_, text)
            if broken == "final" then return nil, "out of memory" end
            return state:final(text)
          end,
        }
      end,
    }
  end

  it("takes lua-resty-openssl", function()
    local hmac, digest = require "openssl.hmac", require "openssl.digest"
    is_right(assert(library_among { ["resty.openssl.hmac"] = resty(hmac), ["resty.openssl.digest"] = resty(digest) }))
  end)

  it("passes over a library that does not work", function()
    local hmac, digest = require "openssl.hmac", require "openssl.digest"
    for _, broken in ipairs { "new", "final" } do
      local library, message = library_among {
        ["resty.openssl.hmac"] = resty(hmac, broken),
        ["resty.openssl.digest"] = resty(digest),
      }
      assert.is_nil(library)
      assert.truthy(message:find("apt install lua-luaossl", 1, true))
    end
  end)

  it("says what to install where there is none", function()
    assert.is_nil((library_among {}))
    package.loaded["hubspot.signature"] = nil
    local text = misuse.throws(
      "no crypto library: install luaossl",
      function() hubspot.verify_request(signed("v1", SECRET .. BODY)) end
    )
    package.loaded["hubspot.signature"] = nil
    assert.truthy(text:find("option crypto", 1, true))
  end)

  -- luacheck: globals jit
  if rawget(_G, "jit") and pcall(require, "ffi") then
    it("takes OpenResty's SHA-256", function()
      local digest = require "openssl.digest"
      local sha256 = {}
      function sha256.new()
        local state, taken = digest.new "sha256", {}
        function taken:update(text) -- luacheck: ignore self
          state:update(text)
          return true
        end
        function taken:final() -- luacheck: ignore self
          return state:final()
        end
        return taken
      end
      is_right(assert(library_among { ["resty.sha256"] = sha256 }))
      is_right(assert(library_among { ["nginx.sha256"] = sha256 }))
    end)
  end
end)
