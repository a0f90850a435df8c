o.ld.gold: \
  ./v.map \
  a.o \
  thin/libt.a \
  sp ace/g#1$x.o \
  d/libtop.so \
  d/libf.a \
  d/libtop.so

./v.map:

a.o:

thin/libt.a:

sp ace/g#1$x.o:

d/libtop.so:

d/libf.a:

d/libtop.so:
