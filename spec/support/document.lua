-- Documents in Markdown: the blocks of code in them, their headings and their links.

local document = {}

--- The blocks of a language: `{ line =, section =, source = }`.
function document.blocks(path, language)
  local blocks, block, section, number, inside = {}, nil, nil, 0, false
  for line in io.lines(path) do
    number = number + 1
    if line:find "^```" then
      if block then
        block.source = table.concat(block, "\n")
        blocks[#blocks + 1] = block
        block = nil
      elseif not inside and line == "```" .. language then
        block = { line = number, section = section }
      end
      inside = not inside
    elseif block then
      block[#block + 1] = line
    elseif not inside then
      section = line:match "^##+ (.+)" or section
    end
  end
  return blocks
end

-- The lines outside of blocks.
local function prose(path)
  local lines, inside = {}, false
  for line in io.lines(path) do
    if line:find "^```" then
      inside = not inside
    elseif not inside then
      lines[#lines + 1] = line
    end
  end
  return lines
end

-- A heading as links name it.
local function anchor_of(heading)
  local text = heading:lower():gsub("%[([^%]]*)%]%([^)]*%)", "%1"):gsub("[^%w%s_\128-\255-]", "")
  return (text:gsub("%s", "-"))
end

local function anchors_of(path)
  local anchors = {}
  for _, line in ipairs(prose(path)) do
    local heading = line:match "^#+ (.+)$"
    if heading then anchors[anchor_of(heading)] = true end
  end
  return anchors
end

local function resolved(folder, target)
  local parts = {}
  for part in (folder .. "/" .. target):gmatch "[^/]+" do
    if part == ".." then
      parts[#parts] = nil
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return table.concat(parts, "/")
end

local function problem_of(path, link)
  local target, anchor = link:match "^([^#]*)#?(.*)$"
  local found = target == "" and path or resolved(path:match "^(.*)/" or ".", target)
  local file = io.open(found)
  if not file then return "there is no " .. found end
  file:close()
  if anchor ~= "" and not anchors_of(found)[anchor] then return ("%s has no heading #%s"):format(found, anchor) end
end

--- Checks the links of a document to files of this repository. Returns a list of texts, one for each broken link.
function document.broken_links(path)
  local problems = {}
  for _, line in ipairs(prose(path)) do
    for link in line:gmatch "%]%(([^)%s]+)%)" do
      local problem = not link:find "^%a+://" and problem_of(path, link)
      if problem then problems[#problems + 1] = ("%s: %s: %s"):format(path, link, problem) end
    end
  end
  return problems
end

return document
