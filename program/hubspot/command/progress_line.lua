--- The line that shows progress on a terminal: as much as its width takes, the most useful first.

local BAR = 20

-- Digits in groups of three, whatever the locale.
local function grouped(count)
  local text = ("%.0f"):format(math.floor(count))
  return (text:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", ""))
end

local function clock(seconds)
  seconds = math.floor(seconds)
  local minutes = math.floor(seconds / 60)
  if minutes < 60 then return ("%d:%02d"):format(minutes, seconds % 60) end
  return ("%d:%02d:%02d"):format(math.floor(minutes / 60), minutes % 60, seconds % 60)
end

local function bar(share)
  local filled = math.floor(BAR * share)
  return ("[%s%s]"):format(("#"):rep(filled), ("."):rep(BAR - filled))
end

-- The parts in the order of the line. Where it is too long, those of the highest rank are left out first.
local function parts_of(figures)
  local parts = { { rank = 2, text = figures.title } }
  local function add(rank, text) parts[#parts + 1] = { rank = rank, text = text } end
  if figures.total then
    local share = math.min(1, figures.total > 0 and figures.done / figures.total or 1)
    add(6, bar(share))
    add(1, ("%s/%s"):format(grouped(figures.done), grouped(figures.total)))
    add(4, ("%d %%"):format(math.floor(share * 100)))
  else
    add(1, grouped(figures.done))
  end
  if figures.waiting then
    add(3, figures.waiting)
    return parts
  end
  add(5, ("%s/s"):format(grouped(figures.rate)))
  add(7, ("%s request%s"):format(grouped(figures.requests), figures.requests == 1 and "" or "s"))
  if figures.seconds_left then add(3, ("%s left"):format(clock(figures.seconds_left))) end
  return parts
end

local function join(parts, highest)
  local texts = {}
  for _, part in ipairs(parts) do
    if part.rank <= highest then texts[#texts + 1] = part.text end
  end
  return table.concat(texts, "  ")
end

local RANKS = 7

--- Makes the line.
-- @tparam table figures `title`, `done`, `total`, `rate`, `requests`, `seconds_left`, `waiting`
-- @tparam integer columns of the terminal
-- @treturn string shorter than the terminal is wide: a terminal wraps after its last column
return function(figures, columns)
  local parts = parts_of(figures)
  for highest = RANKS, 1, -1 do
    local line = join(parts, highest)
    if #line < columns then return line end
  end
  return grouped(figures.done):sub(1, columns - 1)
end
