//! Runs written by hand, call by call, on a world in memory.
