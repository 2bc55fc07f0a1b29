std = "min"
max_line_length = 120
-- Where Lua has integers.
read_globals = { math = { fields = { "type" } } }
exclude_files = { "build", ".luarocks", "**/node_modules" }
files["bench"] = { std = "lua54" }
files["bench/server"] = { std = "ngx_lua" }
files["spec"] = { std = "min+busted" }
files["**/*.rockspec"] = { std = "+rockspec" }
files["spec/support/love"] = { globals = { "love" }, read_globals = { "jit" } }
files["spec/support/neovim.lua"] = { read_globals = { "jit", "vim" } }
