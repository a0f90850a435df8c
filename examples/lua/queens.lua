-- Counts the ways in which eight queens leave each other in peace.
local size, ways = 8, 0
local columns, rising, falling = {}, {}, {}

local function place(row)
  if row > size then
    ways = ways + 1
    return
  end
  for column = 1, size do
    local up, down = row + column, row - column
    if not (columns[column] or rising[up] or falling[down]) then
      columns[column], rising[up], falling[down] = true, true, true
      place(row + 1)
      columns[column], rising[up], falling[down] = nil, nil, nil
    end
  end
end

place(1)
print(_VERSION, ways .. " ways")
print(("%s"):rep(3, " "):format("clay", "glaze", "fire"))
