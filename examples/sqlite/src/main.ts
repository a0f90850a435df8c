import { open, exec, message } from "native:sqlite";
import { rows, insert } from "./table";

const [, database] = open(":memory:");
if (database === null) throw new Error("no memory for a database");

exec(database, "create table kiln (name text, cone real)");
insert(database, "anagama", 10);
insert(database, "raku", -6);
insert(database, "salt", 9.5);

for (const row of rows(database, "select name, cone from kiln order by cone")) console.log(row.name, row.cone);
console.log(rows(database, "select count(*), sum(cone) from kiln"));

if (exec(database, "select from") !== 0) console.log(message(database));
