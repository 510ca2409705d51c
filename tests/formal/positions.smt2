; Lemmas in integers of any size, which join the proofs about modules. For each: the hypotheses alone
; can hold (sat), with the conclusion denied they cannot (unsat).
(set-logic QF_NIA)
(declare-const a Int)   ; digit, another
(declare-const b Int)
(declare-const n Int)   ; number of digits
(declare-const w Int)   ; weight of the digit
(declare-const i Int)   ; rest below the weight, another
(declare-const j Int)
(declare-const size Int)

; A slot lies inside its memory, a position inside the banks. `position` of rtl/README.md is four
; such steps: column in the pitch, ring slot, row phase, column phase and block.
(push)
(assert (and (<= 0 a) (< a n) (<= 0 i) (< i w) (<= (* n w) size)))
(check-sat)
(assert (not (and (<= 0 (+ (* a w) i)) (< (+ (* a w) i) size))))
(check-sat)
(pop)

; Two places are the same only if digit and rest are: slots do not overlap, and no two words that the
; banks hold lie at one position.
(push)
(assert (and (<= 0 a) (<= 0 b) (<= 0 i) (< i w) (<= 0 j) (< j w)))
(assert (= (+ (* a w) i) (+ (* b w) j)))
(check-sat)
(assert (not (and (= a b) (= i j))))
(check-sat)
(pop)

; Rows. Output row y of group g reads input row r with kernel row k; the group's rows are those of
; assay_rows: first(g) = g*group_in - pad <= r <= need(g).
(declare-const y Int)
(declare-const out_y Int)
(declare-const g Int)
(declare-const rows Int)    ; rows_per_group
(declare-const in_group Int)
(declare-const stride Int)
(declare-const k Int)
(declare-const kernel Int)
(declare-const dilation Int)
(declare-const pad Int)
(declare-const r Int)
(define-fun group_in () Int (* rows stride))
(define-fun span () Int (* (- kernel 1) dilation))
(define-fun need_first () Int (- (+ (- group_in stride) span) pad))
(define-fun need_last () Int (- (+ (* (- out_y 1) stride) span) pad))
(push)
(assert (and (<= 0 g) (< 0 rows) (<= 0 in_group) (< in_group rows) (< 0 stride) (< 0 dilation)))
(assert (and (= y (+ (* g rows) in_group)) (< y out_y) (<= 0 k) (< k kernel) (<= 0 pad)))
(assert (= r (- (+ (* y stride) (* k dilation)) pad)))
(check-sat)
(assert (not (and (<= (- (* g group_in) pad) r) (<= r (+ need_first (* g group_in)))
                  (<= r need_last))))
(check-sat)
(pop)

; A ring large enough for a group (assay_rules) lets its last row come while its first is held:
; need(g) < first(g) + ring_in, so the engine does not wait for ever.
(declare-const ring_in Int)
(push)
(assert (and (< 0 rows) (< 0 stride) (< 0 kernel) (< 0 dilation) (<= 0 pad)))
(assert (<= (+ span group_in 1) (+ ring_in stride)))
(check-sat)
(assert (not (< need_first (- ring_in pad))))
(check-sat)
(pop)

; Banks. Lanes are neighbours in a row, x + 1, or the end of a row and the begin of the next: x from
; out_x - 1 to 0, slot + pitch, around the ring's plane. Where assay_rules demands that (pitch - out_x
; and plane are multiples of the lanes p) their positions differ by 1 modulo p.
(declare-const p Int)
(declare-const pitch Int)
(declare-const plane Int)
(declare-const out_x Int)
(declare-const slot Int)
(declare-const next Int)
(declare-const u Int)
(declare-const v Int)
(push)
(assert (and (< 0 p) (= pitch (+ out_x (* p u))) (= plane (* p v))))
(assert (or (= next (+ slot pitch)) (= next (- (+ slot pitch) plane))))
(check-sat)
(assert (not (or (= (- next (- (+ slot out_x) 1)) (+ 1 (* p u)))
                 (= (- next (- (+ slot out_x) 1)) (+ 1 (* p (- u v)))))))
(check-sat)
(pop)
