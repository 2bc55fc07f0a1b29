-- A text that is made line by line.

local page = {}
page.__index = page

--- An empty page.
function page.new() return setmetatable({ lines = {} }, page) end

--- Adds a line, formatted where there is something to format.
function page:add(text, ...)
  self.lines[#self.lines + 1] = select("#", ...) > 0 and text:format(...) or text
  return self
end

--- Adds the lines of a text, and an empty one.
function page:paragraph(text)
  for line in (text:gsub("%s+$", "") .. "\n"):gmatch "(.-)\n" do
    self:add((line:gsub("^%s+$", "")))
  end
  return self:add ""
end

--- Adds a table of Markdown and an empty line; nothing where it would have no row.
-- @tparam table head titles of the columns
-- @tparam table rows lists of cells
function page:table(head, rows)
  if #rows == 0 then return self end
  self:add("| %s |", table.concat(head, " | "))
  self:add("|%s", ("---|"):rep(#head))
  for _, row in ipairs(rows) do
    local cells = {}
    for index, text in ipairs(row) do
      cells[index] = tostring(text):gsub("|", "\\|")
    end
    self:add("%s", ("| %s |"):format(table.concat(cells, " | ")):gsub("  |", " |"))
  end
  return self:add ""
end

--- The text, which ends with a line break.
function page:text() return (table.concat(self.lines, "\n"):gsub("%s*$", "")) .. "\n" end

return page
