--- TLS by LuaSec, which is loaded when it is asked for: few sandboxes need it.
local tls = {}

local function library()
  local found, ssl = pcall(require, "ssl")
  return found and ssl or nil
end

--- The reason why there is no TLS here, or nil.
function tls.problem()
  if library() then return nil end
  return "TLS needs LuaSec: `apt-get install lua-sec` or `luarocks install luasec`"
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- The certificate is its own authority: a client that trusts this file trusts this sandbox.
local MAKE = "umask 077 && mkdir -p %s && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
  .. "-days 3650 -subj '/CN=HubSpot sandbox' -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1 "
  .. "-keyout %s -out %s >/dev/null 2>&1"

--- The certificate and the key in a folder, made by the program `openssl` where they are not there.
-- @treturn table `certificate` and `key`, paths; or nil and a message
function tls.files(folder)
  local files = { certificate = folder .. "/certificate.pem", key = folder .. "/key.pem" }
  if exists(files.certificate) and exists(files.key) then return files end
  os.execute(MAKE:format(quote(folder), quote(files.key), quote(files.certificate)))
  if exists(files.certificate) and exists(files.key) then return files end
  return nil, "can't make a certificate in " .. folder .. ": is `openssl` installed, and the folder writable?"
end

--- Makes the context in which a server speaks TLS with the certificate of a folder; or gives nil and a message.
function tls.new_context(folder)
  local problem = tls.problem()
  if problem then return nil, problem end
  local files, message = tls.files(folder)
  if not files then return nil, message end
  local context
  context, message = library().newcontext {
    mode = "server",
    protocol = "any",
    options = { "all", "no_sslv3", "no_tlsv1", "no_tlsv1_1" },
    certificate = files.certificate,
    key = files.key,
  }
  if not context then return nil, "can't use " .. files.certificate .. ": " .. tostring(message) end
  return context
end

--- A socket as the server's end of TLS; its hands are not shaken.
function tls.wrap(client, context)
  local wrapped = assert(library().wrap(client, context))
  wrapped:settimeout(0)
  return wrapped
end

--- A connected socket as the client's end of TLS. Certificates are not verified: it carries made-up data to a receiver
-- that is being developed.
function tls.wrap_client(client, host)
  local wrapped =
    assert(library().wrap(client, { mode = "client", protocol = "any", verify = "none", options = "all" }))
  wrapped:settimeout(0)
  wrapped:sni(host)
  return wrapped
end

return tls
