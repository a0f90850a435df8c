/* Runs the Lua script that is named first, with the words behind it as `arg`. */
#include <stdio.h>

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

int main(int count, char **words) {
  if (count < 2) {
    fprintf(stderr, "usage: lua SCRIPT [ARGUMENT ...]\n");
    return 2;
  }
  lua_State *lua = luaL_newstate();
  luaL_openlibs(lua);
  lua_createtable(lua, count - 2, 1);
  for (int at = 1; at < count; at++) {
    lua_pushstring(lua, words[at]);
    lua_rawseti(lua, -2, at - 1);
  }
  lua_setglobal(lua, "arg");
  int failed = luaL_dofile(lua, words[1]);
  if (failed) fprintf(stderr, "lua: %s\n", lua_tostring(lua, -1));
  lua_close(lua);
  return failed;
}
