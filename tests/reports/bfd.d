o.ld.bfd: \
  v.map \
  a.o \
  d/libf.a \
  thin/libt.a \
  d/libtop.so \
  sp ace/g#1$x.o \
  d/libtop.so

v.map:

a.o:

d/libf.a:

thin/libt.a:

d/libtop.so:

sp ace/g#1$x.o:

d/libtop.so:
