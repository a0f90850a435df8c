o.ld.lld-19: \
 v.map \
 a.o \
 d/libf.a \
 thin/libt.a \
 d/libtop.so \
 sp\ ace/g\#1$$x.o

v.map:

a.o:

d/libf.a:

thin/libt.a:

d/libtop.so:

sp\ ace/g\#1$$x.o:
