std = "min"
-- StyLua breaks lines; it leaves a long string whole.
max_code_line_length = false
max_string_line_length = false
max_comment_line_length = 120
-- Where Lua has integers.
read_globals = { math = { fields = { "type" } } }
-- Editors read the types, and nothing runs them.
exclude_files = { "build", "types", ".luarocks", "**/node_modules" }
files["bench"] = { std = "lua54" }
files["bench/server"] = { std = "ngx_lua" }
-- The second is that of 5.1.
files["spec"] = { std = "min+busted", read_globals = { table = { fields = { "unpack" } }, "unpack" } }
files["**/*.rockspec"] = { std = "+rockspec" }
files["spec/support/love"] = { globals = { "love" }, read_globals = { "jit" } }
files["spec/support/neovim.lua"] = { read_globals = { "jit", "vim" } }
