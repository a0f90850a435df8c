prog: /t/a.o /t/sp ace/g#1$x.o /t/d/libf.a /t/thin/m1.o

/t/a.o:

/t/sp ace/g#1$x.o:

/t/d/libf.a:

/t/thin/m1.o:
