-- SHA-256 and its HMAC by the crypto library that the host has: luaossl, lua-resty-openssl, or what OpenResty brings
-- (resty.sha256, which Debian calls nginx.sha256).

local interrupt = require "hubspot.interrupt"

local crypto = {}

-- luaossl and lua-resty-openssl agree in this, but that one throws where the other returns nil and a message.
local function from_openssl(name)
  local hmac, digest = require(name .. ".hmac"), require(name .. ".digest")
  return {
    hmac_sha256 = function(key, text) return assert(assert(hmac.new(key, "sha256")):final(text)) end,
    sha256 = function(text) return assert(assert(digest.new "sha256"):final(text)) end,
  }
end

local BLOCK = 64

-- OpenResty brings no HMAC of SHA-256. It runs on LuaJIT, which has `bit`.
local function from_sha256(name)
  local hasher, bit = require(name), require "bit"

  local function sha256(text)
    local state = assert(hasher:new())
    assert(state:update(text))
    return assert(state:final())
  end

  local function pad(key, byte)
    return (key:gsub(".", function(char) return string.char(bit.bxor(char:byte(), byte)) end))
  end

  -- RFC 2104.
  local function hmac_sha256(key, text)
    if #key > BLOCK then key = sha256(key) end
    key = key .. ("\0"):rep(BLOCK - #key)
    return sha256(pad(key, 0x5C) .. sha256(pad(key, 0x36) .. text))
  end

  return { hmac_sha256 = hmac_sha256, sha256 = sha256 }
end

local LIBRARIES = {
  { from_openssl, "openssl" },
  { from_openssl, "resty.openssl" },
  { from_sha256, "resty.sha256" },
  { from_sha256, "nginx.sha256" },
}

-- A library may load and still not work: one that calls OpenSSL through LuaJIT's FFI needs a process that has it.
local function try(make, name)
  local library = make(name)
  assert(#library.hmac_sha256("key", "text") == 32 and #library.sha256 "text" == 32)
  return library
end

local found

--- The first library that works, looked for once.
-- @treturn ?table `hmac_sha256(key, text)` and `sha256(text)`, which return 32 bytes; or nil and a message
function crypto.library()
  if found then return found end
  for _, library in ipairs(LIBRARIES) do
    local works, made = interrupt.pcall(try, library[1], library[2])
    if works then
      found = made
      return found
    end
  end
  return nil,
    "no crypto library: install luaossl (luarocks install luaossl, or apt install lua-luaossl; in OpenResty "
      .. "opm get fffonion/lua-resty-openssl works too), or pass functions of your own as the option crypto"
end

return crypto
