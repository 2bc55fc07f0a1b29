std = "min"
max_line_length = 120
-- Where Lua has integers.
read_globals = { math = { fields = { "type" } } }
exclude_files = { "build", ".luarocks" }
files["spec"] = { std = "min+busted" }
files["**/*.rockspec"] = { std = "+rockspec" }
