-- Reads and writes documents for one process, request by request, so that pandoc starts once.
-- Request:  "read FORMAT LENGTH\n", "cite json LENGTH -\n" "write FORMAT LENGTH REFERENCE\n"
--           or "version - 0 -\n", then LENGTH bytes.
-- Answer:   "ok LENGTH\n" or "error LENGTH\n", then LENGTH bytes.

local function answer(status, text)
  io.stdout:write(status, " ", #text, "\n", text)
  io.stdout:flush()
end

local function read(format, text)
  -- the empty list of files makes the reader a pure function of its text, and no line is so long
  -- that pandoc gives a table's columns the widths of the dashes below its head
  return pandoc.write(pandoc.read(text, format, {columns = 1000000}, {}), "json")
end

local function write(format, text, reference)
  local options = {wrap_text = "none", section_divs = false, html_math_method = "mathml"}
  if format:match("^markdown") then options.wrap_text, options.columns = "auto", 100 end
  if format:match("^markdown") then options.reference_location = "block" end
  if reference ~= "-" then options.reference_doc = reference end
  return pandoc.write(pandoc.read(text, "json", nil, {}), format, options)
end

-- citations in words; no path is in the metadata, so that no file is read
local function cite(_, text)
  return pandoc.write(pandoc.utils.citeproc(pandoc.read(text, "json", nil, {})), "json")
end

-- the pictures of what was read last, each once: "LENGTH NAME\n" and its bytes
local function media()
  local parts = {}
  for _, item in ipairs(pandoc.mediabag.list()) do
    local _, content = pandoc.mediabag.lookup(item.path)
    table.insert(parts, #content .. " " .. item.path .. "\n" .. content)
    pandoc.mediabag.delete(item.path)
  end
  return table.concat(parts)
end

local function version()
  return tostring(PANDOC_VERSION)
end

local verbs = {read = read, write = write, cite = cite, version = version, media = media}

while true do
  local line = io.stdin:read("l")
  if not line then break end
  local verb, format, length, reference = line:match("^(%S+) (%S+) (%d+) (.+)$")
  -- read(0) would wait for a next byte to tell whether this is the end
  local text = length == "0" and "" or io.stdin:read(tonumber(length))
  local ok, result = pcall(verbs[verb], format, text, reference)
  answer(ok and "ok" or "error", ok and result or tostring(result))
end
