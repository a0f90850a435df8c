set -e
cc -O2 -c shapes/circle.c -o lib/circle.o
ar rcsT lib/libcircle.a lib/circle.o
cc -O2 -c shapes/square.c -o lib/square.o
ar rcs lib/libsquare.a lib/square.o
rm lib/square.o
