-- Comments begin with a verb or the thing's name, and use the field's terms: CONTRIBUTING.md's rules, which a reader of
-- a diff forgets.

local FILES = "find lua program csrc tools -name '*.lua' -o -name '*.[ch]'"

-- Beginnings of a sentence that leave out its subject. "Where" and "When" may begin a condition, which a comma ends.
local HEADLESS = {
  What = true,
  Who = true,
  Whom = true,
  Whose = true,
  Whether = true,
  Whoever = true,
  Which = true,
  How = true,
}
local CONDITIONS = { Where = true, When = true }

local INSTEAD = {
  ["behind"] = "after",
  ["be had"] = "available",
  ["was had"] = "acquired",
  ["comes of"] = "the result",
  ["came of"] = "the result",
  ["goes on"] = "continues, or resumes",
  ["go on"] = "continue, or resume",
  ["went on"] = "continued, or resumed",
  ["gone on"] = "resumed",
  ["so many"] = "a number, by its name",
  ["under way"] = "in flight",
}

local function read(path)
  local file = assert(io.open(path))
  local source = file:read "*a"
  file:close()
  return source
end

-- Adds a line to the comment that ends with the line before, or begins one.
local function add(comments, line, text)
  local last = comments[#comments]
  if last and last.last_line == line - 1 then
    last.text, last.last_line = last.text .. " " .. text, line
  else
    comments[#comments + 1] = { text = text, line = line, last_line = line }
  end
end

-- The comments of a Lua file that stand on lines of their own. A tag begins another one, and its further lines are
-- indented by two spaces; code in a comment is indented by more.
local function comments_of_lua(source)
  local comments, line = {}, 0
  for content in (source .. "\n"):gmatch "(.-)\n" do
    line = line + 1
    local text = content:match "^%s*%-%-%-? ?(.*)$"
    if text and text:find "^@" then
      comments[#comments + 1] = { text = text:match "^@%S+ ?(.*)$", line = line, last_line = line }
    elseif text and text:find "^ ? ?[^%s|+-]" then
      add(comments, line, text:match "^%s*%*?%s*(.*)$")
    end
  end
  return comments
end

-- The comments of a C file, wherever they stand.
local function comments_of_c(source)
  local comments = {}
  for from, text in source:gmatch "()/%*(.-)%*/" do
    local _, line = source:sub(1, from):gsub("\n", "")
    comments[#comments + 1] = { text = text:gsub("\n%s*%*?%s*", " "):match "^%s*(.*)$", line = line + 1 }
  end
  return comments
end

-- The sentences of a text; what stands in backquotes or quotes is not ours.
local function sentences_of(text)
  local own = text:gsub("`[^`]*`", "x"):gsub('"[^"]*"', "x")
  local sentences = {}
  for sentence in (own .. " "):gsub("([.:?]) (%u)", "%1\n%2"):gmatch "[^\n]+" do
    sentences[#sentences + 1] = sentence
  end
  return sentences
end

local function complaint_of(text)
  for _, sentence in ipairs(sentences_of(text)) do
    local first = sentence:match "^%a+"
    if HEADLESS[first] or (CONDITIONS[first] and not sentence:find(",", 1, true)) then
      return ("a sentence begins with %q: name the thing, or begin with a verb"):format(first)
    end
    local spaced = " " .. sentence:gsub("[%p%s]+", " ") .. " "
    for words, better in pairs(INSTEAD) do
      if spaced:find(" " .. words .. " ", 1, true) then return ("%q: say %s"):format(words, better) end
    end
  end
end

describe("comments", function()
  it("begin with a verb or a name, and use the field's terms", function()
    local complaints, count = {}, 0
    local files = assert(io.popen(FILES))
    for path in files:lines() do
      local comments = (path:find "%.lua$" and comments_of_lua or comments_of_c)(read(path))
      count = count + #comments
      for _, comment in ipairs(comments) do
        local complaint = complaint_of(comment.text)
        if complaint then complaints[#complaints + 1] = ("%s:%d: %s"):format(path, comment.line, complaint) end
      end
    end
    files:close()
    assert.is_true(count > 2000, count)
    table.sort(complaints)
    assert.equal("", table.concat(complaints, "\n"))
  end)

  it("that do not are found", function()
    for _, source in ipairs {
      "-- What a cursor belongs to.\nlocal x",
      "local x\n  --- Whether the lock was acquired.",
      "-- Makes a list. Who reads it waits.",
      "-- Where the ids end.",
      "-- The page that is\n-- under way.",
      "-- @tparam number seconds wait so many seconds",
    } do
      assert.truthy(complaint_of(comments_of_lua(source)[1].text), source)
    end
    for _, source in ipairs { "int x; /* What is left. */", "/* Waits\n * so many\n * seconds. */" } do
      assert.truthy(complaint_of(comments_of_c(source)[1].text), source)
    end
    for _, source in ipairs {
      "-- Returns whether the lock was acquired.",
      "-- Where the system has no entropy, the clock is mixed in.",
      "-- The position `behind` is v1's.",
      "-- Resumes a task that slept for some time.",
    } do
      assert.is_nil(complaint_of(comments_of_lua(source)[1].text), source)
    end
  end)
end)
