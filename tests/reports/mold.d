o.mold: r.rsp a.o d/libf.a thin/libt.a thin/m1.o thin/a_very_long_member_name_indeed.o d/libtop.so sp ace/g#1$x.o v.map

r.rsp:

a.o:

d/libf.a:

thin/libt.a:

thin/m1.o:

thin/a_very_long_member_name_indeed.o:

d/libtop.so:

sp ace/g#1$x.o:

v.map:
