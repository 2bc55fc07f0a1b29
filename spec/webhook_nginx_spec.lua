-- hubspot.verify_request in a real nginx, by the SHA-256 that comes with it.

local socket = require "socket"

local SECRET = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"

-- nginx runs LuaJIT, and needs the core that was built for it.
-- luacheck: globals jit
if not rawget(_G, "jit") then return end

local CONFIGURATION = [[
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
load_module /usr/lib/nginx/modules/ndk_http_module.so;
load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
events { }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  lua_package_path "$path";
  lua_package_cpath "$cpath";
  server {
    listen 127.0.0.1:$port;
    location / {
      content_by_lua_block {
        package.preload["openssl.hmac"] = function() error "this nginx has no luaossl" end
        local hubspot = require "hubspot"
        ngx.req.read_body()
        local body, file_name = ngx.req.get_body_data(), ngx.req.get_body_file()
        if file_name and not ngx.var.http_x_only_memory then
          local file = assert(io.open(file_name, "rb"))
          body = file:read "*a"
          file:close()
        end
        local verified, err = hubspot.verify_request {
          client_secret = "$secret",
          method = ngx.req.get_method(),
          url = "https://www.example.com" .. ngx.var.request_uri,
          headers = ngx.req.get_headers(),
          body = body,
        }
        ngx.say(verified and "verified" or err.reason)
      }
    }
  }
}
]]

local function command_output(line)
  local pipe = assert(io.popen(line))
  local output = pipe:read "*a"
  pipe:close()
  return output
end

local function free_port()
  local listener = assert(socket.bind("127.0.0.1", 0))
  local _, port = listener:getsockname()
  listener:close()
  return port
end

describe("hubspot.verify_request in nginx", function()
  local folder, process, port

  local function connect()
    for _ = 1, 200 do
      local connection = socket.connect("127.0.0.1", port)
      if connection then return connection end
      socket.sleep(0.05)
    end
    error(command_output(("cat %s/log"):format(folder)))
  end

  setup(function()
    folder, port = command_output("mktemp -d"):match "%S+", free_port()
    local here = command_output("pwd"):match "[^\n]+"
    local function absolute(path)
      return (path:gsub("[^;]+", function(part) return part:sub(1, 1) == "/" and part or here .. "/" .. part end))
    end
    local values = { path = absolute(package.path), cpath = absolute(package.cpath), port = port, secret = SECRET }
    local file = assert(io.open(folder .. "/nginx.conf", "w"))
    file:write((CONFIGURATION:gsub("%$(%l+)", values)))
    file:close()
    process = command_output(("nginx -p %s/ -c nginx.conf >%s/log 2>&1 & echo $!"):format(folder, folder)):match "%d+"
    connect():close()
  end)

  teardown(
    function()
      os.execute(
        ("kill %s; while kill -0 %s 2>/dev/null; do sleep 0.05; done; rm -r %s"):format(process, process, folder)
      )
    end
  )

  local function post(body, headers)
    local lines = { "POST /hook?a=%40b HTTP/1.0", ("Content-Length: %d"):format(#body) }
    for name, value in pairs(headers) do
      lines[#lines + 1] = ("%s: %s"):format(name, value)
    end
    local connection = connect()
    connection:settimeout(30)
    assert(connection:send(table.concat(lines, "\r\n") .. "\r\n\r\n" .. body))
    local answer = assert(connection:receive "*a")
    connection:close()
    return assert(answer:match "\r\n\r\n(.-)\n", answer)
  end

  local function openssl(text, arguments)
    local path = folder .. "/text"
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    return command_output(("openssl dgst -sha256 %s"):format((arguments:gsub("TEXT", path))))
  end

  it("verifies v3", function()
    local timestamp = ("%d000"):format(os.time())
    local source = "POSThttps://www.example.com/hook?a=@b" .. '{"a":1}' .. timestamp
    local headers = {
      ["X-HubSpot-Request-Timestamp"] = timestamp,
      ["X-HubSpot-Signature-v3"] = openssl(source, "-binary -hmac " .. SECRET .. " TEXT | openssl base64 -A"),
    }
    assert.equal("verified", post('{"a":1}', headers))
    assert.equal("mismatch", post('{"a":2}', headers))
  end)

  it("verifies v2 and v1", function()
    local headers = {
      ["X-HubSpot-Signature"] = openssl(SECRET .. "POSThttps://www.example.com/hook?a=%40b{}", "-r TEXT"):match "%x+",
      ["X-HubSpot-Signature-Version"] = "v2",
    }
    assert.equal("verified", post("{}", headers))
    assert.equal("mismatch", post("[]", headers))
    headers["X-HubSpot-Signature-Version"] = "v1"
    assert.equal("mismatch", post("{}", headers))
    headers["X-HubSpot-Signature"] = openssl(SECRET .. "{}", "-r TEXT"):match "%x+"
    assert.equal("verified", post("{}", headers))
  end)

  it("verifies a body that nginx keeps in a file, and says where it is missing", function()
    local body = '{"a":"' .. ("x"):rep(200000) .. '"}'
    local headers = {
      ["X-HubSpot-Signature"] = openssl(SECRET .. body, "-r TEXT"):match "%x+",
      ["X-HubSpot-Signature-Version"] = "v1",
    }
    assert.equal("verified", post(body, headers))
    headers["X-Only-Memory"] = "yes"
    assert.equal("missing_body", post(body, headers))
  end)

  it("sees a header that comes twice", function()
    assert.equal(
      "bad_header",
      post("{}", {
        ["X-HubSpot-Signature-v3"] = "a",
        ["x-hubspot-signature-v3"] = "b",
        ["X-HubSpot-Request-Timestamp"] = "1",
      })
    )
    assert.equal("missing_header", post("{}", {}))
  end)
end)
